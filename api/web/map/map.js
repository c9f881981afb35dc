/** The map: draws what it is told to show and says what was pointed at, chosen or moved. */

/** @import {Area, Camera, DeckInstance, DeckLibrary, Feature, Geometry, Language, Picked, Position, Row} from '../types.d.ts' */
/** @import {AreaName} from './labels.js' */
/** @import {Footprint, Shown} from './layers.js' */
import { button, element } from '../element.js';
import { expectedCount, number } from '../format.js';
import { placeName } from '../groups.js';
import { TEXTS } from '../texts.js';
import { borders } from './borders.js';
import { areaAt } from './inside.js';
import { areaName } from './labels.js';
import { edges, layers } from './layers.js';
import { ScaleBar, WORLD_PX } from './scale.js';

/**
 * @typedef {object} Told
 * @property {(id: string | null) => void} choose
 * @property {(id: string | null) => void} point
 * @property {(camera: Camera) => void} move
 * @property {() => number} besides what lies over the left side of the map, in pixels
 */

const FLIGHT_MS = 700;
/** A press this short is a click; deck.gl's own quarter of a second is missed where drawing a frame takes longer. */
const PRESS_MS = 1500;
const CLOSEST_ZOOM = 18;
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
    #canvas = element('div', 'map-canvas');
    #tip = element('div', 'map-tip');
    #scale = new ScaleBar();
    #warning = element('p', 'map-warning');
    #credit = element('p', 'map-credit');
    #foot = element('div', 'map-foot');
    #zoomIn = button('', () => this.#zoom(1), '+');
    #zoomOut = button('', () => this.#zoom(-1), '−');
    #whole = button('', () => this.#flyTo(this.#fitting()), '⤢');
    #element;
    #told;
    /** @type {DeckLibrary | null} */
    #library = null;
    /** @type {DeckInstance | null} */
    #deck = null;
    /** @type {Camera | null} */
    #camera = null;
    /** @type {AreaName[]} */
    #names = [];
    /** @type {Shown} */
    #shown = { areas: [], borders: borders([]), names: [], letters: '', rows: [], edges: [], touched: new Set(), chosen: null, lit: null };
    /** @type {Language} */
    #language = 'nl';
    #drawn = '';

    /** @param {Told} told */
    constructor(told) {
        this.#told = told;
        this.#tip.hidden = true;
        // What the map shows is in the list as well; a reader is not led into a canvas.
        this.#canvas.setAttribute('aria-hidden', 'true');
        const tools = element('div', 'map-tools', this.#zoomIn, this.#zoomOut, this.#whole);
        this.#foot.append(this.#scale.element, element('div', '', this.#warning, this.#credit));
        this.#element = element('div', 'map', this.#canvas, tools, this.#foot, this.#tip);
    }

    get element() {
        return this.#element;
    }

    /**
     * Start drawing; everything told before is drawn then.
     *
     * @param {DeckLibrary} library
     * @param {readonly Feature<Area>[]} areas
     * @param {Camera | null} camera where to look; at all areas if absent
     */
    start(library, areas, camera) {
        this.#library = library;
        this.#names = areas.map(areaName);
        const letters = [...new Set(this.#names.map(({ name }) => name).join(''))].join('');
        this.#shown = { ...this.#shown, areas, borders: borders(areas), letters };
        this.#camera = camera ?? this.#fitting();
        this.#deck = new library.Deck({
            parent: this.#canvas,
            width: '100%',
            height: '100%',
            views: new library.MapView({ repeat: false }),
            controller: { dragRotate: false, touchRotate: false, keyboard: false, scrollZoom: { smooth: true } },
            initialViewState: this.#viewState(this.#camera),
            pickingRadius: 4,
            eventRecognizerOptions: { click: { time: PRESS_MS } },
            onViewStateChange: (/** @type {{viewState: Viewed, interactionState: object}} */ change) =>
                this.#looked(change.viewState, Object.values(change.interactionState).includes(true)),
            onHover: (/** @type {Picked} */ picked) => this.#hovered(picked),
            onClick: (/** @type {Picked} */ picked) => this.#told.choose(rowOf(picked)?.hotspot.id ?? null),
            getCursor: (/** @type {{isDragging: boolean, isHovering: boolean}} */ { isDragging }) =>
                isDragging ? 'grabbing' : this.#shown.lit === null ? 'grab' : 'pointer',
            // Tests and screenshots wait for this: the frame with what was told last is on the screen.
            onAfterRender: () => {
                this.#element.dataset['drawn'] = this.#drawn;
            },
        });
        this.#draw();
    }

    /** @param {string} text what to say instead of a map */
    refuse(text) {
        this.#canvas.replaceChildren(element('p', 'map-refusal', text));
    }

    /**
     * @param {readonly Row[]} rows best rank first
     * @param {{language: Language, credit: string, warning: string, name: string}} how `name` says what is shown, for those
     *     who wait for it
     */
    show(rows, { language, credit, warning, name }) {
        const texts = TEXTS[language];
        this.#language = language;
        this.#drawn = name;
        this.#element.setAttribute('role', 'region');
        this.#element.setAttribute('aria-label', texts.map);
        for (const [made, text] of /** @type {const} */ ([
            [this.#zoomIn, texts.zoomIn],
            [this.#zoomOut, texts.zoomOut],
            [this.#whole, texts.wholeCity],
        ])) {
            made.setAttribute('aria-label', text);
            made.title = text;
        }
        this.#credit.textContent = credit;
        this.#warning.textContent = warning;
        this.#warning.hidden = warning === '';
        this.#tip.hidden = true;
        this.#shown = { ...this.#shown, rows, edges: edges(rows) };
        this.#draw();
    }

    /** @param {string | null} id */
    light(id) {
        if (id === this.#shown.lit) return;
        this.#shown = { ...this.#shown, lit: id };
        this.#draw();
    }

    /** @param {Row | null} row */
    choose(row) {
        const touched = new Set(row?.hotspot.neighbourhoods.map(({ code }) => code));
        this.#shown = { ...this.#shown, chosen: row?.hotspot.id ?? null, touched };
        this.#draw();
    }

    /**
     * @param {Row} row
     * @param {{right_px: number, bottom_px: number}} covered what lies over the map
     */
    flyTo({ hotspot: { geometry } }, { right_px, bottom_px }) {
        if (this.#library === null) return;
        const left_px = this.#left(right_px);
        const width = this.#element.clientWidth - right_px - left_px;
        const height = this.#element.clientHeight - bottom_px;
        const seen = fit(this.#library, outline(geometry), { width, height, share: FOOTPRINT_SHARE });
        const camera = { ...seen, zoom: Math.min(seen.zoom, FOOTPRINT_ZOOM) };
        this.#flyTo(shifted(camera, { right_px: right_px - left_px, bottom_px }));
    }

    /** @param {Camera} camera */
    look(camera) {
        this.#flyTo(camera);
    }

    #draw() {
        if (this.#library === null || this.#deck === null || this.#camera === null) return;
        const { zoom } = this.#camera;
        const names = this.#names.filter(({ fromZoom }) => fromZoom <= zoom);
        this.#deck.setProps({ layers: layers(this.#library, { ...this.#shown, names }) });
        this.#scale.show(this.#camera, this.#language);
    }

    /**
     * @param {Viewed} viewed
     * @param {boolean} moved whether somebody moved the map, and not a change of the window
     */
    #looked({ longitude, latitude, zoom }, moved) {
        const before = this.#camera;
        this.#camera = { lon_deg: longitude, lat_deg: latitude, zoom };
        this.#tip.hidden = true;
        if (moved) this.#told.move(this.#camera);
        this.#scale.show(this.#camera, this.#language);
        if (before?.zoom !== zoom) this.#draw();
    }

    /** @param {Picked} picked */
    #hovered(picked) {
        const row = rowOf(picked);
        this.#told.point(row?.hotspot.id ?? null);
        const area = row !== null || picked.coordinate === undefined ? undefined : areaAt(this.#shown.areas, picked.coordinate);
        this.#tip.hidden = row === null && area === undefined;
        if (this.#tip.hidden) return;
        this.#tip.replaceChildren(...(row === null ? [area?.properties.name ?? ''] : this.#summary(row)));
        this.#tip.style.transform = `translate(${Math.round(picked.x + 14)}px, ${Math.round(picked.y + 16)}px)`;
    }

    /** @param {Row} row */
    #summary({ hotspot, sign }) {
        const texts = TEXTS[this.#language];
        const observed = texts.incidents(number(hotspot.observed, this.#language));
        const expected = texts.expectedCount(expectedCount(hotspot.expected, this.#language));
        return [
            element('strong', '', `${sign}  ${placeName(hotspot, this.#language)}`),
            element('span', '', `${observed}, ${expected}`),
            element('span', '', `${texts.kindWords[hotspot.kind]}, ${texts.grades[hotspot.grade]}`),
        ];
    }

    /** @param {number} steps */
    #zoom(steps) {
        if (this.#camera === null) return;
        const zoom = Math.min(CLOSEST_ZOOM, Math.max(0, this.#camera.zoom + steps));
        this.#flyTo({ ...this.#camera, zoom });
    }

    /** @param {Camera} camera */
    #flyTo(camera) {
        if (this.#library === null || this.#deck === null) return;
        const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
        const flight = calm
            ? {}
            : { transitionDuration: FLIGHT_MS, transitionInterpolator: new this.#library.FlyToInterpolator({}) };
        this.#deck.setProps({ initialViewState: { ...this.#viewState(camera), ...flight } });
        if (calm) this.#looked(this.#viewState(camera), true);
    }

    /** @param {Camera} camera */
    #viewState({ lon_deg, lat_deg, zoom }) {
        // A stamp makes two flights to the same place two: deck.gl compares states by what is in them.
        const stamp = performance.now();
        return { longitude: lon_deg, latitude: lat_deg, zoom, maxZoom: CLOSEST_ZOOM, minZoom: 3, stamp };
    }

    /**
     * What to leave free at the left for what lies there over the map; nothing if too little would be left.
     *
     * @param {number} right_px what is covered at the right
     */
    #left(right_px) {
        const left_px = this.#told.besides();
        return left_px + right_px < this.#element.clientWidth * MOST_COVERED ? left_px : 0;
    }

    /** @returns {Camera} */
    #fitting() {
        const { clientWidth: width, clientHeight: height } = this.#element;
        const positions = this.#shown.areas.flatMap(({ geometry }) => outline(geometry));
        if (this.#library === null || positions.length === 0) return NOWHERE;
        const bottom_px = this.#foot.offsetHeight;
        const left_px = this.#left(0);
        const free = { width: width - left_px, height: height - bottom_px, share: CITY_SHARE };
        return shifted(fit(this.#library, positions, free), { right_px: -left_px, bottom_px });
    }
}

/** @typedef {{longitude: number, latitude: number, zoom: number}} Viewed */

/**
 * The hotspot under the pointer, by its badge or by its footprint.
 *
 * @param {Picked} picked
 * @returns {Row | null}
 */
function rowOf({ object }) {
    if (typeof object !== 'object' || object === null) return null;
    if ('row' in object) return /** @type {Footprint} */ (object).row;
    return 'sign' in object ? /** @type {Row} */ (object) : null;
}

/**
 * @param {Geometry} geometry
 * @returns {Position[]}
 */
function outline(geometry) {
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
    return polygons.flatMap(([outer]) => [...(outer ?? [])]);
}

/**
 * The camera that shows all positions on a share of the screen.
 *
 * @param {DeckLibrary} library
 * @param {Position[]} positions
 * @param {{width: number, height: number, share: number}} screen
 * @returns {Camera}
 */
function fit({ WebMercatorViewport }, positions, { width, height, share }) {
    const lons_deg = positions.map(([lon_deg = 0]) => lon_deg);
    const lats_deg = positions.map(([, lat_deg = 0]) => lat_deg);
    const viewport = new WebMercatorViewport({ width: width * share, height: height * share });
    const { longitude, latitude, zoom } = viewport.fitBounds([
        [least(lons_deg), least(lats_deg)],
        [most(lons_deg), most(lats_deg)],
    ]);
    return { lon_deg: longitude, lat_deg: latitude, zoom };
}

/**
 * The camera that shows in the middle of what is free what another shows in the middle of the map.
 *
 * @param {Camera} camera
 * @param {{right_px: number, bottom_px: number}} covered
 * @returns {Camera}
 */
function shifted({ lon_deg, lat_deg, zoom }, { right_px, bottom_px }) {
    const lonPerPixel_deg = 360 / (WORLD_PX * 2 ** zoom);
    const latPerPixel_deg = lonPerPixel_deg * Math.cos((lat_deg * Math.PI) / 180);
    return {
        lon_deg: lon_deg + (right_px / 2) * lonPerPixel_deg,
        lat_deg: lat_deg - (bottom_px / 2) * latPerPixel_deg,
        zoom,
    };
}

/** @param {number[]} values */
function least(values) {
    return values.reduce((one, other) => Math.min(one, other), Infinity);
}

/** @param {number[]} values */
function most(values) {
    return values.reduce((one, other) => Math.max(one, other), -Infinity);
}
