/** Streets below the hotspots: asked for in squares as they come into view, kept, and joined to straight pieces. */

/** @import {Api} from '../api.js' */
/** @import {Language, LineFeature, Position} from '../types.d.ts' */
/** @import {Streets} from './drawing.d.ts' */
/** @import {HotspotMap} from './map.js' */
import { Problem } from '../problem.js';
import { STREETS } from '../style.js';
import { TEXTS } from '../texts.js';
import { WORLD_PX, world } from './mercator.js';

/**
 * From a zoom level on, squares of a level of the usual pyramid of tiles, up to which importance, and with how much detail:
 * half a pixel at that zoom level.
 */
const TIERS = Object.freeze([
    { fromZoom: 14, squares: 13, importance: 3, detailZoom: 17 },
    { fromZoom: 13, squares: 12, importance: 2, detailZoom: 14 },
]);
/** Streets of a square that are drawn at the most, the most important first. */
const MOST = 5000;
/** Squares at hand: a few screens full. */
const KEPT = 40;
/** The map has come to rest when it has not moved for so long. */
const REST_MS = 150;

/** @typedef {(typeof TIERS)[number]} Tier */
/** @typedef {{key: string, tier: Tier, box_deg: readonly [number, number, number, number]}} Square */
/** Ends of straight pieces, longitude and latitude in turn, by rank. @typedef {{from: number[], to: number[]}[]} Pieces */

/**
 * The squares that a view touches.
 *
 * @param {readonly [west_deg: number, south_deg: number, east_deg: number, north_deg: number]} seen
 * @param {number} zoom
 * @returns {Square[]} none from afar
 */
export function squaresOf([west_deg, south_deg, east_deg, north_deg], zoom) {
    const tier = TIERS.find(({ fromZoom }) => zoom >= fromZoom);
    if (tier === undefined) return [];
    const across = 2 ** tier.squares;
    const place = (/** @type {Position} */ position) => world(position).map((px) => Math.floor((px / WORLD_PX) * across));
    const [left = 0, top = 0] = place([west_deg, north_deg]);
    const [right = 0, bottom = 0] = place([east_deg, south_deg]);
    const found = [];
    for (let row = top; row <= bottom; row++) {
        for (let column = left; column <= right; column++) {
            found.push({ key: `${tier.squares}/${row}/${column}`, tier, box_deg: boxOf(column, row, across) });
        }
    }
    return found;
}

/**
 * @param {number} column
 * @param {number} row from the north
 * @param {number} across squares around the world
 * @returns {[number, number, number, number]}
 */
function boxOf(column, row, across) {
    const lon = (/** @type {number} */ step) => (step / across) * 360 - 180;
    const lat = (/** @type {number} */ step) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * step) / across))) * 180) / Math.PI;
    return [lon(column), lat(row + 1), lon(column + 1), lat(row)];
}

/**
 * Make straight pieces of lines, without the bends that nobody sees.
 *
 * @param {readonly LineFeature[]} features
 * @param {number} detailZoom half a pixel at this zoom level is the least that is told
 * @returns {Pieces} by rank: 0 the main roads
 */
export function piecesOf(features, detailZoom) {
    const least = 0.5 / 2 ** detailZoom;
    /** @type {Pieces} */
    const pieces = STREETS.map(() => ({ from: [], to: [] }));
    for (const { geometry, properties } of features) {
        const into = pieces[properties.importance - 1] ?? pieces.at(-1);
        for (const line of geometry.coordinates) {
            slim(line, least).forEach((end, place, ends) => {
                const start = ends[place - 1];
                if (start === undefined) return;
                into?.from.push(...start);
                into?.to.push(...end);
            });
        }
    }
    return pieces;
}

/**
 * @param {readonly Position[]} line
 * @param {number} least_px on a map of the world
 * @returns {[number, number][]} both ends, and between them what is far enough from the one before
 */
function slim(line, least_px) {
    /** @type {[number, number][]} */
    const kept = [];
    let last = [Infinity, Infinity];
    line.forEach((position, place) => {
        const [lon_deg = 0, lat_deg = 0] = position;
        const at = world(position);
        const isFar = Math.hypot(at[0] - (last[0] ?? 0), at[1] - (last[1] ?? 0)) >= least_px;
        if (!isFar && place < line.length - 1) return;
        kept.push([lon_deg, lat_deg]);
        last = at;
    });
    return kept;
}

/**
 * Join the pieces of squares for drawing, the main roads on top.
 *
 * @param {readonly Pieces[]} squares
 * @returns {Streets}
 */
export function joined(squares) {
    return STREETS.map((_, rank) => ({
        rank,
        from: Float64Array.from(squares.flatMap((pieces) => pieces[rank]?.from ?? [])),
        to: Float64Array.from(squares.flatMap((pieces) => pieces[rank]?.to ?? [])),
    }))
        .filter(({ from }) => from.length > 0)
        .reverse();
}

/** Gets the streets of what is looked at, once the service has said that it has any. */
export class StreetFeed {
    #api;
    #map;
    #isOn = false;
    #credit = '';
    #rest = 0;
    /** @type {Language} */
    #language = 'nl';
    /** By key, the one seen last at the end. @type {Map<string, {pieces: Pieces, isCut: boolean}>} */
    #kept = new Map();
    /** @type {Map<string, AbortController>} */
    #running = new Map();
    /** What is drawn, in one text. */
    #drawn = '';

    /**
     * @param {Pick<Api, 'streets'>} api
     * @param {Pick<HotspotMap, 'camera' | 'seen_deg' | 'streets' | 'follow'>} map
     */
    constructor(api, map) {
        this.#api = api;
        this.#map = map;
    }

    /** @param {string} credit whom the streets are from */
    start(credit) {
        this.#credit = credit;
        this.#isOn = true;
        this.#map.follow(() => this.#soon());
        window.addEventListener('resize', () => this.#soon());
        this.#soon();
    }

    /** @param {Language} language in which a limit is told */
    show(language) {
        this.#language = language;
        this.#soon();
    }

    #soon() {
        if (!this.#isOn) return;
        clearTimeout(this.#rest);
        this.#rest = window.setTimeout(() => this.#look(), REST_MS);
    }

    #look() {
        const { camera } = this.#map;
        if (camera === null) return;
        const squares = squaresOf(this.#map.seen_deg, camera.zoom);
        const wanted = new Set(squares.map(({ key }) => key));
        for (const [key, running] of this.#running) {
            if (wanted.has(key)) continue;
            running.abort();
            this.#running.delete(key);
        }
        for (const square of squares) {
            if (!this.#kept.has(square.key) && !this.#running.has(square.key)) void this.#get(square);
        }
        this.#draw(squares);
    }

    /** @param {Square} square */
    async #get({ key, tier, box_deg }) {
        const running = new AbortController();
        this.#running.set(key, running);
        const found = await this.#api.streets(box_deg, tier.importance, MOST, running.signal).catch((error) => {
            // The map is a map without its streets; they are asked for again when it has moved.
            if (error instanceof Problem || error instanceof TypeError || running.signal.aborted) return null;
            throw error;
        });
        if (this.#running.get(key) === running) this.#running.delete(key);
        if (found === null) return;
        this.#kept.set(key, { pieces: piecesOf(found.features, tier.detailZoom), isCut: found.isCut });
        const { camera } = this.#map;
        if (camera !== null) this.#draw(squaresOf(this.#map.seen_deg, camera.zoom));
    }

    /** @param {readonly Square[]} squares */
    #draw(squares) {
        const there = squares.flatMap(({ key }) => {
            const found = this.#kept.get(key);
            return found === undefined ? [] : [{ key, ...found }];
        });
        // What is seen goes to the end: what was not seen for the longest is forgotten first.
        for (const { key, pieces, isCut } of there) {
            this.#kept.delete(key);
            this.#kept.set(key, { pieces, isCut });
        }
        const seen = new Set(there.map(({ key }) => key));
        for (const key of this.#kept.keys()) if (this.#kept.size > KEPT && !seen.has(key)) this.#kept.delete(key);
        const limit = there.some(({ isCut }) => isCut) ? TEXTS[this.#language].layers.streetsCut : '';
        const said = [there.length > 0 ? this.#credit : '', limit].filter((text) => text !== '').join(' · ');
        const drawn = `${said} ${there.map(({ key }) => key).join(' ')}`;
        if (drawn === this.#drawn) return;
        this.#drawn = drawn;
        this.#map.streets(joined(there.map(({ pieces }) => pieces)), said);
    }
}
