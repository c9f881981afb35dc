/** The state of the page as one frozen value, and how the address after the # holds it. */

/** @import {AreaFigure, Camera, CompareHow, Language, LayerChoice, View} from './types.d.ts' */

const WEEK = /^\d{4}-W\d{2}$/;
const NAME = /^[\w.:~-]{1,120}$/;
/** Codes of areas with commas between: of one, or of all that somebody works in. */
const AREAS = /^[\w.-]{1,40}(,[\w.-]{1,40}){0,59}$/;

/** @type {readonly Language[]} */
export const LANGUAGES = Object.freeze(['nl', 'en']);

/** @type {readonly CompareHow[]} */
const HOW = Object.freeze(['swipe', 'side']);

/** @type {readonly AreaFigure[]} */
const FIGURES = Object.freeze(['rate', 'change']);

/** Layers that are on or off, as the address names them. */
const SWITCHES = Object.freeze(/** @type {const} */ (['cells', 'before', 'incidents']));

/** @type {LayerChoice} */
const NO_LAYERS = Object.freeze({ areas: null, cells: false, before: false, incidents: false });

/** @type {View} */
export const NOTHING_CHOSEN = Object.freeze({
    week: null,
    theme: null,
    area: null,
    lifecycle: null,
    changed: false,
    hotspot: null,
    compare: null,
    how: 'swipe',
    layers: NO_LAYERS,
    language: null,
    camera: null,
});

/**
 * Read a view from the address; whatever is no view is left out.
 *
 * @param {string} hash text from the # onwards, or empty
 * @returns {View}
 */
export function readView(hash) {
    const fields = new URLSearchParams(hash.replace(/^#/, ''));
    return Object.freeze({
        week: matching(fields.get('week'), WEEK),
        theme: matching(fields.get('theme'), NAME),
        area: matching(fields.get('area'), AREAS),
        lifecycle: matching(fields.get('life'), NAME),
        changed: fields.get('changed') === '1',
        hotspot: matching(fields.get('hotspot'), NAME),
        compare: matching(fields.get('compare'), WEEK),
        how: HOW.find((known) => known === fields.get('how')) ?? NOTHING_CHOSEN.how,
        layers: layers(fields.get('layers')),
        language: language(fields.get('lang')),
        camera: camera(fields.get('map')),
    });
}

/**
 * Write a view as the address holds it; `readView` gives the same view again.
 *
 * @param {View} view
 * @returns {string} text from the # onwards
 */
export function writeView(view) {
    const { week, theme, area, hotspot, compare, language: lang, camera: at } = view;
    const fields = new URLSearchParams();
    const texts = {
        week,
        theme,
        area,
        life: view.lifecycle,
        changed: view.changed ? '1' : null,
        hotspot,
        compare,
        how: view.how === NOTHING_CHOSEN.how ? null : view.how,
        layers: layerNames(view.layers),
        lang,
    };
    for (const [name, text] of Object.entries(texts)) {
        if (text !== null) fields.set(name, text);
    }
    if (at !== null) fields.set('map', [at.lon_deg, at.lat_deg, at.zoom].join('/'));
    // Slashes are allowed after the #, and an address without %2F is one that people can read.
    return `#${fields.toString().replaceAll('%2F', '/').replaceAll('%3A', ':').replaceAll('%2C', ',')}`;
}

/**
 * @param {string | null} text names of layers with commas between
 * @returns {LayerChoice}
 */
function layers(text) {
    const named = new Set(text?.split(','));
    if (named.size === 0) return NO_LAYERS;
    const areas = FIGURES.find((figure) => named.has(figure)) ?? null;
    const switches = Object.fromEntries(SWITCHES.map((name) => [name, named.has(name)]));
    return Object.freeze({ ...NO_LAYERS, ...switches, areas });
}

/**
 * @param {LayerChoice} choice
 * @returns {string | null} as `layers` reads it; nothing where there is no layer
 */
function layerNames(choice) {
    const names = [choice.areas, ...SWITCHES.filter((name) => choice[name])].filter((name) => name !== null);
    return names.length === 0 ? null : names.join(',');
}

/**
 * A camera as precise as an address needs: a decimetre, a hundredth of a zoom level.
 *
 * @param {Camera} camera
 * @returns {Camera}
 */
export function roundedCamera({ lon_deg, lat_deg, zoom }) {
    return Object.freeze({
        lon_deg: Number(lon_deg.toFixed(6)),
        lat_deg: Number(lat_deg.toFixed(6)),
        zoom: Number(zoom.toFixed(2)),
    });
}

/**
 * @param {string | null} text
 * @param {RegExp} form
 */
function matching(text, form) {
    return text !== null && form.test(text) ? text : null;
}

/**
 * @param {string | null} text
 * @returns {Language | null}
 */
export function language(text) {
    return LANGUAGES.find((known) => known === text) ?? null;
}

/**
 * @param {string | null} text
 * @returns {Camera | null}
 */
function camera(text) {
    const parts = text === null ? [] : text.split('/');
    // Number('') is 0, but an absent number is no number.
    const numbers = parts.map((part) => (part.trim() === '' ? NaN : Number(part)));
    const [lon_deg, lat_deg, zoom] = numbers;
    if (numbers.length !== 3 || lon_deg === undefined || lat_deg === undefined || zoom === undefined) return null;
    // Written so that NaN, which fails every comparison, is refused as well.
    const onTheGlobe = Math.abs(lon_deg) <= 180 && Math.abs(lat_deg) <= 85 && zoom >= 0 && zoom <= 22;
    return onTheGlobe ? Object.freeze({ lon_deg, lat_deg, zoom }) : null;
}

/**
 * The language of a reader who has not chosen one now: that of last time, or the first of theirs that the page speaks.
 *
 * @param {string | null} remembered
 * @param {readonly string[]} languages as the browser tells them, such as `nl-BE`
 * @returns {Language}
 */
export function readersLanguage(remembered, languages) {
    const all = [remembered, ...languages.map((one) => one.slice(0, 2).toLowerCase())];
    return all.map(language).find((one) => one !== null) ?? 'en';
}
