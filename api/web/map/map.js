/** The map: draws what it is told to show and says what was pointed at, chosen or moved. Several may be on one page. */

/** @import {Area, Camera, DeckInstance, DeckLibrary, Feature, Language, Picked, Position, Row} from '../types.d.ts' */
/** @import {Overlay, Streets, Tiles} from './drawing.d.ts' */
/** @import {Viewed} from './deck.js' */
/** @import {GroundShown} from './ground.js' */
/** @import {Size} from './pen.js' */
import { element } from '../element.js';
import { TEXTS } from '../texts.js';
import { Afterimage } from './afterimage.js';
import { CLOSEST_ZOOM, fit, outline, shifted } from './camera.js';
import { deck } from './deck.js';
import { Frame } from './frame.js';
import { drawsSlowly } from './library.js';
import { toGround } from './mercator.js';
import { Pace } from './pace.js';
import { pointed } from './pointed.js';
import { said } from './said.js';
import { Scene, same } from './scene.js';
import { Sketch, pictureOf } from './sketch.js';
import { Tip } from './tip.js';

/**
 * @typedef {object} Told
 * @property {(id: string | null) => void} choose
 * @property {(id: string | null) => void} point
 * @property {(camera: Camera) => void} move at each step of a movement by the reader, flights too
 * @property {() => number} besides what lies over the left side of the map, in pixels
 */

const FLIGHT_MS = 700;
/** A hotspot that was flown to takes this share of the free map, but is not looked at from closer than this. */
const FOOTPRINT_SHARE = 0.45;
const FOOTPRINT_ZOOM = 15.5;
/** The whole municipality takes this share of the map. */
const CITY_SHARE = 0.92;
/** Up to this share of the map's width is left to what lies over its sides. */
const MOST_COVERED = 0.7;
/** The Netherlands: where to look as long as there are no areas. @type {Camera} */
const NOWHERE = Object.freeze({ lon_deg: 5.3, lat_deg: 52.1, zoom: 7 });

export class HotspotMap {
    // The library hears of the pointer from an element that is named so, and stays where it is when its canvas is moved.
    #canvas = element('div', 'map-canvas', element('div', 'deck-events-root'));
    #tip = new Tip();
    #frame = new Frame({
        nearer: () => this.#zoom(1),
        farther: () => this.#zoom(-1),
        whole: () => this.#flyTo(this.#fitting()),
    });
    #element;
    #told;
    #scene = new Scene();
    #sketch = new Sketch({
        hover: (pixel) => this.#hovered(pixel),
        click: (pixel) => this.#clicked(pixel),
        move: (camera) => this.#go(camera),
    });
    #pace = new Pace(
        () => this.#readyNow(),
        () => this.#drawNow(),
    );
    /** Known from the last drawing: to ask the browser has it lay out a page that changes. @type {Size | null} */
    #drawnSize = null;
    /** The library looks after its own canvas. */
    #resized = new ResizeObserver(() => {
        this.#drawnSize = null;
        this.#draw();
    });
    /** Whether hotspots are drawn by the processor above what the library draws; see sketch.js. */
    #isOverlaid = false;
    /** @type {DeckLibrary | null} */
    #library = null;
    /** @type {DeckInstance | null} */
    #deck = null;
    /** What is moved in the place of the library's frames, where they take long. @type {Afterimage | null} */
    #afterimage = null;
    /** @type {Camera | null} */
    #camera = null;
    /** @type {readonly object[]} */
    #layers = [];
    /** @type {Language} */
    #language = 'nl';
    /** @type {Set<(camera: Camera) => void>} */
    #followers = new Set();
    #ownCredit = '';
    #name = '';
    #drawnName = '';

    /**
     * @param {Told} told
     * @param {{tools?: boolean}} [how] whether there are buttons to zoom
     */
    constructor(told, { tools: hasTools = true } = {}) {
        this.#told = told;
        // What the map shows is in the list as well; a reader is not led into a canvas.
        this.#canvas.setAttribute('aria-hidden', 'true');
        const { tools, foot } = this.#frame;
        this.#element = element('div', 'map', this.#canvas, ...(hasTools ? [tools] : []), foot, this.#tip.element);
        this.#element.addEventListener('hotspot-pick', (event) => this.#pick(event));
    }

    get element() {
        return this.#element;
    }

    /** What it draws with, for another map beside it; absent until it is started. */
    get library() {
        return this.#library;
    }

    get areas() {
        return this.#scene.drawn.areas;
    }

    /** Where the map looks; absent until it is started. */
    get camera() {
        return this.#camera;
    }

    /** West, south, east and north of what is seen. */
    get seen_deg() {
        const camera = this.#camera ?? NOWHERE;
        const size = this.#size();
        const [west_deg, south_deg] = toGround([0, size.height], camera, size);
        const [east_deg, north_deg] = toGround([size.width, 0], camera, size);
        return /** @type {const} */ ([west_deg, south_deg, east_deg, north_deg]);
    }

    /**
     * Say what lies below, and where to look: a sketch is drawn at once, and stays until the library has drawn.
     *
     * @param {readonly Feature<Area>[]} areas
     * @param {Camera | null} camera where to look; at all areas if absent
     */
    lay(areas, camera) {
        this.#scene.areas(areas);
        this.#camera = camera ?? this.#fitting();
        this.#canvas.append(this.#sketch.element);
        this.#resized.observe(this.#element);
        this.#draw();
    }

    /**
     * Draw with the library from now on, once it is known what lies below.
     *
     * @param {DeckLibrary} library
     */
    start(library) {
        if (this.#camera === null) throw new Error('a map is laid before it is started');
        this.#library = library;
        this.#isOverlaid = drawsSlowly();
        this.#deck = deck(library, this.#canvas, {
            initialViewState: this.#viewState(this.#camera),
            onViewStateChange: (change) =>
                this.#looked(change.viewState, Object.values(change.interactionState).includes(true)),
            onHover: (picked) => this.#hovered(picked),
            onClick: (picked) => this.#clicked(picked),
            getCursor: ({ isDragging }) => (isDragging ? 'grabbing' : this.#scene.lit === null ? 'grab' : 'pointer'),
            onAfterRender: () => this.#rendered(),
        });
        const own = this.#canvas.querySelector('canvas:not(.map-sketch)');
        if (this.#isOverlaid && own instanceof HTMLElement) {
            this.#afterimage = new Afterimage(this.#deck, own, () => this.#followed());
        }
        // Above the canvas of the library.
        this.#canvas.append(this.#sketch.element);
        this.#drawNow();
    }

    /** Give back what the browser keeps for drawing. The map draws no more. */
    destroy() {
        this.#stopSketching();
        this.#afterimage?.destroy();
        this.#deck?.finalize();
        this.#deck = null;
        this.#element.remove();
    }

    /**
     * What is drawn now, as the address of a picture (PNG). Not a promise: paper is laid out at once or not at all.
     *
     * @returns {string | null} nothing where nothing is drawn
     */
    picture() {
        if (this.#camera === null) return null;
        this.#drawNow();
        this.#afterimage?.end();
        // A canvas holds its picture until the end of the task in which it was drawn.
        this.#deck?.redraw('picture');
        return pictureOf([...this.#canvas.querySelectorAll('canvas:not(.map-sketch)'), ...this.#canvas.querySelectorAll('.map-sketch')]);
    }

    /**
     * Be told of each step of a movement, beside who is told already.
     *
     * @param {(camera: Camera) => void} listener
     * @returns {() => void} to be told no more
     */
    follow(listener) {
        this.#followers.add(listener);
        return () => this.#followers.delete(listener);
    }

    /**
     * @param {readonly Row[]} rows best rank first
     * @param {{language: Language, credit: string, warning: string, name: string}} how `name` says what is shown, for those
     *     who wait for it
     */
    show(rows, { language, credit, warning, name }) {
        this.#language = language;
        this.#name = name;
        this.#ownCredit = credit;
        this.#say();
        this.#frame.warn(warning);
        this.#tip.hide();
        this.#scene.rows(rows);
        this.#draw();
    }

    /** @param {Overlay} overlay what to draw beside the hotspots */
    overlay(overlay) {
        this.#scene.overlay(overlay);
        this.#tip.hide();
        this.#draw();
    }

    /**
     * @param {Tiles | null} tiles a map to draw below ours
     * @param {GroundShown['fetchTile']} fetchTile
     */
    ground(tiles, fetchTile) {
        this.#scene.tiles(tiles, fetchTile);
        this.#say();
        this.#draw();
    }

    /** @param {Streets} streets @param {string} told what to say of them, if anything */
    streets(streets, told) {
        this.#scene.streets(streets, told);
        this.#say();
        this.#draw();
    }

    /** @param {string | null} id */
    light(id) {
        if (id === this.#scene.lit) return;
        this.#scene.light(id);
        this.#draw();
    }

    /** @param {Row | null} row */
    choose(row) {
        this.#scene.choose(row);
        this.#draw();
    }

    /**
     * @param {Row} row
     * @param {{right_px: number, bottom_px: number}} covered what lies over the map
     */
    flyTo({ hotspot: { geometry } }, covered) {
        this.#flyTo(this.#around(outline(geometry), covered, { share: FOOTPRINT_SHARE, closest: FOOTPRINT_ZOOM }));
    }

    /**
     * @param {readonly Feature<Area>[]} areas
     * @param {{right_px: number, bottom_px: number}} covered what lies over the map
     */
    flyToAreas(areas, covered) {
        const positions = areas.flatMap(({ geometry }) => outline(geometry));
        if (positions.length > 0) this.#flyTo(this.#around(positions, covered, { share: CITY_SHARE, closest: CLOSEST_ZOOM }));
    }

    /** @param {Camera} camera where to look at once, without a flight */
    look(camera) {
        this.#deck?.setProps({ initialViewState: this.#viewState(camera) });
        this.#looked(this.#viewState(camera), false);
    }

    #draw() {
        if (this.#camera === null) return;
        this.#frame.scale.show(this.#camera, this.#language);
        if (this.#deck === null) {
            this.#draft(this.#camera);
            return;
        }
        this.#element.dataset['waiting'] = '';
        this.#pace.ask();
    }

    #readyNow() {
        if (this.#isOverlaid && this.#camera !== null) this.#scene.sketched(this.#camera.zoom);
    }

    /** @returns {boolean} whether a frame comes */
    #drawNow() {
        if (this.#library === null || this.#deck === null || this.#camera === null) return false;
        if (this.#isOverlaid) this.#draft(this.#camera);
        const made = this.#scene.layers(this.#library, this.#camera.zoom, this.#isOverlaid);
        const isSame = same(made, this.#layers);
        this.#layers = made;
        this.#drawnName = this.#name;
        delete this.#element.dataset['waiting'];
        // Where nothing is drawn anew, no frame comes that would tell.
        if (isSame) this.#tell();
        else this.#deck.setProps({ layers: made });
        return !isSame;
    }

    /** However often the map was moved since the last frame, what lies above follows once. */
    #rendered() {
        if (this.#camera !== null) {
            this.#afterimage?.drew(this.#camera);
            if (this.#isOverlaid) this.#draft(this.#camera);
        }
        this.#tell();
    }

    /** While the map is moved: the hotspots are drawn, and what the library drew last is moved along. */
    #followed() {
        if (this.#camera === null) return;
        this.#afterimage?.show(this.#camera);
        this.#draft(this.#camera);
    }

    /** The library has drawn: the sketch goes, or stays as what lies above. */
    #uncover() {
        if (this.#isOverlaid) {
            if (this.#sketch.isOver) return;
            this.#sketch.isOver = true;
            if (this.#camera !== null) this.#draft(this.#camera);
        } else if (this.#sketch.element.parentElement !== null) this.#stopSketching();
    }

    #stopSketching() {
        this.#resized.disconnect();
        this.#sketch.element.remove();
    }

    /** @param {Camera} camera */
    #draft(camera) {
        this.#drawnSize ??= this.#size();
        this.#sketch.draw(this.#scene.sketched(camera.zoom), camera, this.#drawnSize);
        const { dataset } = this.#element;
        if (dataset['sketched'] !== this.#name) dataset['sketched'] = this.#name;
    }

    /** Who waits for the map hears what is on the screen: the name that was told, and the layers with how many things each. */
    #tell() {
        const { dataset } = this.#element;
        const told = this.#scene.told(this.#layers, this.#isOverlaid);
        if (dataset['layers'] !== told) dataset['layers'] = told;
        if (dataset['drawn'] !== this.#drawnName) dataset['drawn'] = this.#drawnName;
        this.#uncover();
    }

    /**
     * Answer what is found at a pixel of the map: `found` of the event's detail, topmost first.
     *
     * @param {Event} event
     */
    #pick(event) {
        if (!(event instanceof CustomEvent) || this.#deck === null) return;
        this.#deck.setProps({ _pickable: true });
        const found = this.#deck.pickMultipleObjects({ x: event.detail.x, y: event.detail.y, depth: 8 });
        this.#deck.setProps({ _pickable: false });
        const below = found.map(({ layer, object }) => ({ layer: layer?.id ?? '', object }));
        const { row } = pointed([event.detail.x, event.detail.y], this.#camera ?? NOWHERE, this.#size(), this.#scene.drawn);
        event.detail.found = this.#isOverlaid && row !== undefined ? [{ layer: 'hotspots', object: row }, ...below] : below;
    }

    #say() {
        this.#element.setAttribute('role', 'region');
        this.#element.setAttribute('aria-label', TEXTS[this.#language].map);
        this.#frame.say(this.#language, [this.#ownCredit, ...this.#scene.credits]);
    }

    /**
     * @param {Viewed} viewed
     * @param {boolean} moved whether somebody moved the map, and not a change of the window
     */
    #looked({ longitude, latitude, zoom }, moved) {
        const before = this.#camera;
        this.#camera = { lon_deg: longitude, lat_deg: latitude, zoom };
        this.#tip.hide();
        if (moved) {
            this.#afterimage?.move();
            this.#moved(this.#camera);
        }
        if (this.#deck === null) this.#draw();
        if (before?.zoom === zoom) return;
        this.#frame.scale.show(this.#camera, this.#language);
        if (this.#scene.isStale(zoom)) this.#draw();
    }

    /** @param {Camera} camera */
    #moved(camera) {
        this.#told.move(camera);
        for (const follower of this.#followers) follower(camera);
    }

    /** @param {Picked} picked */
    #hovered(picked) {
        const { width, height } = this.#size();
        const isOutside = picked.x < 0 || picked.y < 0 || picked.x > width || picked.y > height;
        const found = isOutside ? {} : pointed([picked.x, picked.y], this.#camera ?? NOWHERE, { width, height }, this.#scene.drawn);
        this.#told.point(found.row?.hotspot.id ?? null);
        const words = said(found, this.#scene.shown, this.#language);
        if (words === null) this.#tip.hide();
        else this.#tip.show(words, { x: picked.x, y: picked.y, width, height });
    }

    /** @param {Picked} picked */
    #clicked(picked) {
        const found = pointed([picked.x, picked.y], this.#camera ?? NOWHERE, this.#size(), this.#scene.drawn);
        this.#told.choose(found.row?.hotspot.id ?? null);
        // A finger does not hover: a tap says what lies there.
        if (found.row === undefined) this.#hovered(picked);
    }

    /** @param {number} steps */
    #zoom(steps) {
        if (this.#camera === null) return;
        const zoom = Math.min(CLOSEST_ZOOM, Math.max(0, this.#camera.zoom + steps));
        this.#flyTo({ ...this.#camera, zoom });
    }

    /** @param {Camera} camera */
    #flyTo(camera) {
        const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
        if (this.#library === null || this.#deck === null || calm) {
            this.#go(camera);
            return;
        }
        const flight = { transitionDuration: FLIGHT_MS, transitionInterpolator: new this.#library.FlyToInterpolator({}) };
        this.#deck.setProps({ initialViewState: { ...this.#viewState(camera), ...flight } });
    }

    /** @param {Camera} camera */
    #viewState({ lon_deg, lat_deg, zoom }) {
        // A stamp makes two flights to the same place two: deck.gl compares states by what is in them.
        const stamp = performance.now();
        return { longitude: lon_deg, latitude: lat_deg, zoom, maxZoom: CLOSEST_ZOOM, minZoom: 3, stamp };
    }

    /** @param {Camera} camera where to look at once */
    #go(camera) {
        this.look(camera);
        this.#moved(camera);
    }

    #size() {
        return { width: this.#element.clientWidth, height: this.#element.clientHeight };
    }

    /**
     * The camera that shows positions in the part of the map that is free.
     *
     * @param {readonly Position[]} positions
     * @param {{right_px: number, bottom_px: number}} covered
     * @param {{share: number, closest: number}} how
     */
    #around(positions, { right_px, bottom_px }, { share, closest }) {
        const { width, height } = this.#size();
        const besides_px = this.#told.besides();
        const left_px = besides_px + right_px < width * MOST_COVERED ? besides_px : 0;
        const seen = fit(positions, { width: width - right_px - left_px, height: height - bottom_px, share });
        return shifted({ ...seen, zoom: Math.min(seen.zoom, closest) }, { right_px: right_px - left_px, bottom_px });
    }

    /** @returns {Camera} */
    #fitting() {
        const positions = this.#scene.drawn.areas.flatMap(({ geometry }) => outline(geometry));
        if (positions.length === 0) return NOWHERE;
        const covered = { right_px: 0, bottom_px: this.#frame.foot.offsetHeight };
        return this.#around(positions, covered, { share: CITY_SHARE, closest: CLOSEST_ZOOM });
    }
}
