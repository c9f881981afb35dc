/** The small map beside a table of features: draws what the same address tells programs. */

/** @import {DeckLibrary, Feature, Position} from '../types.d.ts' */

/** A press this short is a click. */
const PRESS_MS = 1500;
const CLOSEST_ZOOM = 17;
/** The features take this share of the map. */
const SHARE = 0.86;

/** @type {[number, number, number, number]} */
const FILL = [16, 92, 158, 70];
/** @type {[number, number, number, number]} */
const EDGE = [16, 92, 158, 255];

/**
 * The box around some coordinates, however deep they are nested.
 *
 * @param {unknown} coordinates
 * @param {[number, number, number, number]} box west, south, east, north; widened in place
 */
export function widen(coordinates, box) {
    if (!Array.isArray(coordinates)) return;
    if (typeof coordinates[0] === 'number') {
        const [x, y] = /** @type {[number, number]} */ (coordinates);
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], y);
        return;
    }
    for (const part of coordinates) widen(part, box);
}

/**
 * Where programs find what a page shows, in longitude and latitude whatever the page was asked for.
 *
 * @param {string} href
 * @param {string} page address of the page, whose host the browser knows
 */
export function dataHref(href, page) {
    const here = new URL(page);
    const told = new URL(href, here);
    const data = new URL(told.pathname + told.search, here);
    for (const name of ['crs', 'profile', 'lang']) data.searchParams.delete(name);
    data.searchParams.set('f', 'json');
    return data.href;
}

/** @param {HTMLElement} element */
async function draw(element) {
    const { href, library } = element.dataset;
    if (href === undefined || library === undefined) return;
    const answer = await fetch(dataHref(href, location.href));
    if (!answer.ok) return;
    const told = /** @type {{features?: Feature<unknown>[]} & Feature<unknown>} */ (await answer.json());
    const features = (told.features ?? [told]).filter(({ geometry }) => geometry !== null);
    /** @type {[number, number, number, number]} */
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const { geometry } of features) widen(geometry.coordinates, box);
    if (!Number.isFinite(box[0])) return;
    await loaded(library);
    const { deck } = /** @type {{deck?: DeckLibrary}} */ (/** @type {unknown} */ (globalThis));
    if (deck === undefined) return;
    element.classList.add('drawn');
    const { clientWidth: width, clientHeight: height } = element;
    /** @type {[Position, Position]} */
    const corners = [
        [box[0], box[1]],
        [box[2] + 1e-9, box[3] + 1e-9],
    ];
    const seen = new deck.WebMercatorViewport({ width: width * SHARE, height: height * SHARE }).fitBounds(corners);
    new deck.Deck({
        parent: element,
        views: new deck.MapView({ repeat: false }),
        controller: { dragRotate: false, touchRotate: false },
        initialViewState: { longitude: seen.longitude, latitude: seen.latitude, zoom: Math.min(seen.zoom, CLOSEST_ZOOM) },
        eventRecognizerOptions: { click: { time: PRESS_MS } },
        layers: [
            new deck.GeoJsonLayer({
                id: 'features',
                data: features,
                pickable: true,
                autoHighlight: true,
                getFillColor: FILL,
                getLineColor: EDGE,
                getLineWidth: 1.5,
                lineWidthUnits: 'pixels',
                getPointRadius: 5,
                pointRadiusUnits: 'pixels',
            }),
        ],
        onClick: (/** @type {{index: number}} */ { index }) => {
            document.getElementById(`feature-${index}`)?.scrollIntoView({ block: 'center' });
        },
        getTooltip: (/** @type {{object?: {id?: unknown}}} */ { object }) => (object?.id === undefined ? null : String(object.id)),
    });
}

/**
 * Load the map library, which is no module.
 *
 * @param {string} source
 * @returns {Promise<void>}
 */
function loaded(source) {
    return new Promise((done, failed) => {
        const script = document.createElement('script');
        script.src = source;
        script.onload = () => done();
        script.onerror = () => failed(new Error(`${source} cannot be loaded`));
        document.head.append(script);
    });
}

if (typeof document !== 'undefined') {
    const element = document.getElementById('map');
    if (element !== null) void draw(element);
}
