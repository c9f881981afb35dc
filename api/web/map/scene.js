/** What a map shows, made ready for drawing; what did not change stays the same thing, which is drawn at no cost. */

/** @import {Area, DeckLibrary, Feature, Row} from '../types.d.ts' */
/** @import {Overlay, Streets, Tiles} from './drawing.d.ts' */
/** @import {GroundShown} from './ground.js' */
/** @import {Shown} from './layers.js' */
/** @import {Sketched} from './pen.js' */
import { BASE } from '../style.js';
import { BORDER_PX, linesOf } from './borders.js';
import { dottedOf } from './extras.js';
import { shapeOf } from './flat.js';
import { groundAt, groundOf, nameColour } from './ground.js';
import { areaAt } from './inside.js';
import { labels } from './labels.js';
import { CROWD, dotsOf, footprintsOf, layers, outlinesOf, raisedOf } from './layers.js';
import { placeOf } from './mercator.js';
import { aside, roomy } from './room.js';
import { Kept, LayerStock } from './stock.js';
import { levelOf } from './thin.js';

/** Badges, names and the widths of lines are made anew at each quarter of a zoom level. */
const STEPS = 4;

/** @type {Overlay} */
const NO_OVERLAY = Object.freeze({ figures: null, surface: null, before: null, incidents: null });

/** @type {Shown} */
const NOTHING = {
    ...NO_OVERLAY,
    ground: groundOf([]),
    borders: { shared: linesOf([], 0, BASE.border, 0), outline: linesOf([], 0, BASE.coast, 0) },
    touched: new Set(),
    labels: [],
    tiles: null,
    streets: [],
    fetchTile: () => Promise.resolve(null),
    drawing: { footprints: [], outlines: outlinesOf([], 0), dots: dotsOf([], 0), was: dottedOf(null, 0) },
    badges: { badges: [], dots: [] },
    raised: [],
    raisedOutlines: raisedOf([], 0),
};

export class Scene {
    #stock = new LayerStock();
    /** @type {Shown} */
    #shown = NOTHING;
    /** Best rank first. @type {readonly Row[]} */
    #rows = [];
    /** @type {string | null} */
    #chosen = null;
    /** @type {string | null} */
    #lit = null;
    #streetsTold = '';
    /** The zoom level for which things were made ready. */
    #step = NaN;
    #kept = new Kept();

    get shown() {
        return this.#shown;
    }

    get lit() {
        return this.#lit;
    }

    /** What is to be said of what lies below: whose it is, and where it is not all. */
    get credits() {
        return [this.#shown.tiles?.attribution ?? '', this.#streetsTold];
    }

    /** What the pointer may meet. */
    get drawn() {
        const { ground, badges, before, incidents, surface } = this.#shown;
        return { rows: this.#rows, areas: ground.areas, badges, before, incidents, surface };
    }

    /** @param {readonly Feature<Area>[]} areas */
    areas(areas) {
        this.#shown = { ...this.#shown, ground: groundOf(areas) };
        this.#step = NaN;
    }

    /** @param {readonly Row[]} rows best rank first */
    rows(rows) {
        if (!same(rows, this.#rows)) {
            this.#step = NaN;
            this.#rows = rows;
        }
    }

    /** @param {Overlay} overlay */
    overlay(overlay) {
        const { figures, before } = this.#shown;
        if (overlay.figures !== figures || overlay.before !== before) this.#step = NaN;
        this.#shown = { ...this.#shown, ...overlay };
    }

    /**
     * @param {Tiles | null} tiles
     * @param {GroundShown['fetchTile']} fetchTile
     */
    tiles(tiles, fetchTile) {
        this.#shown = { ...this.#shown, tiles, fetchTile };
        this.#step = NaN;
    }

    /**
     * @param {Streets} streets
     * @param {string} told
     */
    streets(streets, told) {
        this.#streetsTold = told;
        this.#shown = { ...this.#shown, streets };
    }

    /** @param {string | null} id of the hotspot that is pointed at */
    light(id) {
        this.#lit = id;
    }

    /** @param {Row | null} row */
    choose(row) {
        this.#chosen = row?.hotspot.id ?? null;
        const touched = new Set(row?.hotspot.neighbourhoods.map(({ code }) => code));
        if ([...touched].join() !== [...this.#shown.touched].join()) this.#shown = { ...this.#shown, touched };
    }

    /** @param {number} zoom whether things are made ready for another one */
    isStale(zoom) {
        return stepOf(zoom) !== this.#step;
    }

    /**
     * @param {DeckLibrary} library
     * @param {number} zoom
     * @param {boolean} isOverlaid whether hotspots and names are drawn by the processor, above
     * @returns {object[]} layers, bottom first
     */
    layers(library, zoom, isOverlaid) {
        if (this.isStale(zoom)) this.#fit(stepOf(zoom), isOverlaid);
        this.#raise();
        if (!isOverlaid) this.#outlineRaised();
        return layers(library, this.#shown, this.#stock, isOverlaid);
    }

    /**
     * What is drawn, in words for whoever waits for it: names, and how many things each is.
     *
     * @param {readonly object[]} made layers of the library
     * @param {boolean} isOverlaid
     */
    told(made, isOverlaid) {
        const counts = this.#counts;
        const below = made.map((layer) => {
            const { id, props } = /** @type {{id: string, props: {data?: {length?: number}}}} */ (layer);
            return `${id}:${counts[id] ?? props.data?.length ?? 1}`;
        });
        const { edges, dots, raised } = counts;
        const above = { hotspots: this.#rows.length, edges, raised, names: this.#shown.labels.length, dots };
        const there = Object.entries(isOverlaid ? above : {}).filter(([, count]) => count !== 0);
        return [...below, ...there.map(([name, count]) => `${name}:${count}`)].join(' ');
    }

    /**
     * What a sketch of the map shows; the same thing where nothing of it changed.
     *
     * @param {number} zoom
     * @returns {Sketched}
     */
    sketched(zoom) {
        const step = stepOf(zoom);
        this.#arrange(step);
        this.#raise();
        const { ground, touched, raised, labels, badges } = this.#shown;
        const labelColour = nameColour(this.#shown);
        const footprints = this.#footprints(levelOf(step));
        return this.#kept.of('sketched', [footprints, ground, touched, raised, labels, badges, labelColour], () => ({
            ground,
            touched,
            footprints,
            outlined: this.#outlined,
            ...badges,
            raised,
            labels,
            labelColour,
        }));
    }

    /** What is drawn as one thing and stands for many, by layer. @returns {Record<string, number | undefined>} */
    get #counts() {
        const { surface, before, badges, raised } = this.#shown;
        return {
            cells: surface?.squares,
            before: before?.hotspots.length,
            edges: this.#outlined.length,
            dots: badges.dots.length,
            raised: raised.length,
        };
    }

    /**
     * @param {number} step for which zoom level badges and names get room, and lines their width
     * @param {boolean} isOverlaid
     */
    #fit(step, isOverlaid) {
        this.#step = step;
        this.#arrange(step);
        const shown = this.#shown;
        const zoom = middleOf(step);
        const { ground, before, badges, tiles } = shown;
        const between = tiles === null ? BASE.border : BASE.coast;
        this.#shown = {
            ...shown,
            borders: {
                shared: this.#kept.of('shared', [ground, zoom, between], () => linesOf(ground.shared, BORDER_PX, between, zoom)),
                outline: this.#kept.of('outline', [ground, zoom], () => linesOf(ground.outline, BORDER_PX, BASE.coast, zoom)),
            },
            drawing: {
                ...(isOverlaid
                    ? NOTHING.drawing
                    : {
                          footprints: this.#footprints(levelOf(step)),
                          outlines: this.#kept.of('outlines', [this.#outlined, zoom], () => outlinesOf(this.#outlined, zoom)),
                          dots: this.#kept.of('dots', [badges.dots, zoom], () => dotsOf(badges.dots, zoom)),
                      }),
                was: this.#kept.of('was', [before, zoom], () => dottedOf(before, zoom)),
            },
        };
    }

    /**
     * Fillings; of a crowd without the corners that are not seen.
     *
     * @param {number} level
     */
    #footprints(level) {
        const rows = this.#rows;
        const seen = rows.length < CROWD ? null : level;
        return this.#kept.of('footprints', [rows, seen], () => footprintsOf(rows, seen));
    }

    /** Of a crowd only those with a badge have outlines; the others keep their fillings and their dots. */
    get #outlined() {
        return this.#rows.length < CROWD ? this.#rows : this.#shown.badges.badges;
    }

    /** @param {number} step for which zoom level badges and names get room */
    #arrange(step) {
        const { areas, names } = this.#shown.ground;
        const level = levelOf(step);
        const ground = this.#kept.of('ground', [areas, names, level], () => groundAt(this.#shown.ground, level));
        const { figures } = this.#shown;
        const arranged = this.#kept.of('arranged', [step, this.#rows, areas, figures], () => this.#arranged(step));
        this.#shown = { ...this.#shown, ground, ...arranged };
    }

    /** @param {number} step */
    #arranged(step) {
        const places = this.#rows.map(({ hotspot }) => shapeOf(hotspot).world);
        const hasRoom = roomy(places, step);
        const badges = this.#rows.filter((_, place) => hasRoom[place]);
        const dots = this.#rows.filter((_, place) => !hasRoom[place]);
        const free = this.#names(places.filter((_, place) => hasRoom[place]), step);
        const before = this.#shown;
        return {
            labels: alike(free, before.labels) ? before.labels : free,
            badges: same(badges, before.badges.badges) ? { badges: before.badges.badges, dots } : { badges, dots },
        };
    }

    /**
     * @param {readonly (readonly [x_px: number, y_px: number])[]} badges on a map of the world
     * @param {number} zoom
     */
    #names(badges, zoom) {
        const { ground, figures } = this.#shown;
        const byCode = new Map(ground.areas.map((area) => [area.properties.code, area]));
        return aside(labels(ground.names, figures?.written ?? null, zoom), badges, zoom, (code, place) => {
            const area = byCode.get(code);
            return area !== undefined && areaAt([area], placeOf(place)) !== undefined;
        });
    }

    /** The chosen hotspot lies above the one that is pointed at. */
    #raise() {
        const raised = [this.#lit, this.#chosen].flatMap((id, place, ids) =>
            id === null || ids.indexOf(id) < place ? [] : this.#rows.filter(({ hotspot }) => hotspot.id === id),
        );
        if (!same(raised, this.#shown.raised)) this.#shown = { ...this.#shown, raised };
    }

    #outlineRaised() {
        const { raised } = this.#shown;
        const zoom = middleOf(this.#step);
        const raisedOutlines = this.#kept.of('raised', [raised, zoom], () => raisedOf(raised, zoom));
        this.#shown = { ...this.#shown, raisedOutlines };
    }
}

/**
 * For what zoom level lines of a step are made: they get a twelfth wider or narrower within it.
 *
 * @param {number} step
 */
function middleOf(step) {
    return step + 0.5 / STEPS;
}

/** @param {number} zoom */
function stepOf(zoom) {
    return Math.floor(zoom * STEPS) / STEPS;
}

/**
 * Whether two lists hold the same things; rows are made anew for each rendering, of the same hotspots.
 *
 * @param {readonly unknown[]} one
 * @param {readonly unknown[]} other
 */
export function same(one, other) {
    return (
        one.length === other.length && one.every((thing, place) => thing === other[place] || isSameRow(thing, other[place]))
    );
}

/**
 * @param {unknown} one
 * @param {unknown} other
 */
function isSameRow(one, other) {
    const [row, before] = [/** @type {Partial<Row>} */ (one), /** @type {Partial<Row>} */ (other)];
    const isRow = row.hotspot !== undefined && row.hotspot === before.hotspot;
    return isRow && row.sign === before.sign && String(row.colour) === String(before.colour);
}

/**
 * @param {Shown['labels']} one
 * @param {Shown['labels']} other
 */
function alike(one, other) {
    return (
        one.length === other.length &&
        one.every(({ text, shift_px, world }, place) => {
            const label = other[place];
            return label?.text === text && label.shift_px === shift_px && label.world[0] === world[0];
        })
    );
}
