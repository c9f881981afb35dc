/** The layers of the map, from what is shown; pure but for deck.gl, which it is handed. */

/** @import {Colour, DeckLibrary, Row} from '../types.d.ts' */
/** @import {Badges, Overlay} from './drawing.d.ts' */
/** @import {FlatPolygon} from './flat.js' */
/** @import {GroundShown} from './ground.js' */
/** @import {Mesh} from './ribbons.js' */
/** @import {LayerStock} from './stock.js' */
import { BADGE, BASE, GRADES, fillAlpha, riskOf, strength } from '../style.js';
import { beforeLayers, incidentLayer, meshLayer, nothingLayer, surfaceLayer } from './extras.js';
import { polygons, shapeOf } from './flat.js';
import { FONT, borderLayers, groundLayers, nameLayers } from './ground.js';
import { ringsOf } from './inside.js';
import { Ribbons } from './ribbons.js';
import { thinned } from './thin.js';

/** @typedef {{row: Row, polygon: FlatPolygon}} Footprint one part of a hotspot's footprint */

/** @typedef {{footprints: readonly Footprint[], outlines: Mesh, dots: Mesh, was: Mesh}} Drawing a week as it is drawn, and the one before */

/**
 * @typedef {GroundShown & Overlay & {drawing: Drawing, badges: Badges, raised: readonly Row[], raisedOutlines: Mesh}} Shown
 * `raised`: the chosen hotspot and the one that is pointed at, drawn once more above all
 */

/** What the signs on the badges are made of. */
const SIGNS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** A white line shows on both sides of an outline by half of this, and by more where it is raised. */
const CASING_PX = 2;
/** So many hotspots on one map are looked at one by one no longer. */
export const CROWD = 400;
/** Of a dot. */
const ROUND_CORNERS = 10;
const CROWD_CORNERS = 6;
const RAISED_PX = 3;

/**
 * Fillings of a week, made ready once.
 *
 * @param {readonly Row[]} rows best rank first
 * @param {number | null} level of zoom, at which no more corners than are seen are drawn; all if absent
 * @returns {Footprint[]}
 */
export function footprintsOf(rows, level) {
    return [...rows].reverse().flatMap((row) => {
        const parts = level === null ? shapeOf(row.hotspot).polygons : polygons(thinned(row.hotspot.geometry, level));
        return parts.map((polygon) => ({ row, polygon }));
    });
}

/**
 * Outlines of a week for a zoom level, each on a white one that parts it from what lies below.
 *
 * @param {readonly Row[]} rows best rank first
 * @param {number} zoom
 * @returns {Mesh}
 */
export function outlinesOf(rows, zoom) {
    const ribbons = new Ribbons(zoom);
    for (const row of [...rows].reverse()) outline(ribbons, row.hotspot, lookOf(row));
    return ribbons.mesh();
}

/** @typedef {{width_px: number, casing_px: number, colour: Colour}} Look of an outline, and of the white one below it */

/**
 * @param {Row} row
 * @returns {Look}
 */
export function lookOf({ hotspot, colour }) {
    const { line_px } = strength(riskOf(hotspot));
    return { width_px: line_px, casing_px: line_px + CASING_PX, colour };
}

/**
 * @param {Row} row which is chosen or pointed at
 * @returns {Look}
 */
export function raisedLook({ hotspot }) {
    const { line_px } = strength(riskOf(hotspot));
    return { width_px: line_px + 0.75, casing_px: line_px + RAISED_PX + CASING_PX, colour: BASE.chosen };
}

/**
 * An outline on a white one: unbroken or, of a likely hotspot, in dashes.
 *
 * @param {Ribbons} ribbons
 * @param {Row['hotspot']} hotspot
 * @param {Look} look
 */
function outline(ribbons, { geometry, grade }, { width_px, casing_px, colour }) {
    const { dashes } = GRADES[grade];
    for (const ring of ringsOf(geometry)) {
        ribbons.ring(ring, casing_px, BASE.border);
        if (dashes === 0) ribbons.ring(ring, width_px, colour);
        else ribbons.dashed(ring, dashes, width_px, colour);
    }
}

/**
 * @param {DeckLibrary} deck
 * @param {Shown} shown
 * @param {LayerStock} stock
 * @param {boolean} isOverlaid whether hotspots and names are drawn by something else, above
 * @returns {object[]} bottom first
 */
export function layers(deck, shown, stock, isOverlaid) {
    const { surface, before, incidents } = shown;
    const made = [
        ...groundLayers(deck, shown, stock),
        ...(isOverlaid ? [nothingLayer(deck, stock)] : []),
        ...(surface === null ? [] : [surfaceLayer(deck, surface, stock)]),
        ...borderLayers(deck, shown, stock),
        ...(isOverlaid ? [] : hotspotLayers(deck, shown.drawing, stock)),
        // Above the fillings: where both weeks have a hotspot one sees how its outline moved.
        ...(before === null ? [] : beforeLayers(deck, before, shown.drawing.was, stock)),
        ...(incidents === null ? [] : [incidentLayer(deck, incidents, stock)]),
        ...(isOverlaid ? [] : signLayers(deck, shown, stock)),
    ];
    stock.drawn();
    return made;
}

/**
 * @param {DeckLibrary} deck
 * @param {Shown} shown
 * @param {LayerStock} stock
 */
function signLayers(deck, shown, stock) {
    return [
        ...raisedLayers(deck, shown, stock),
        ...nameLayers(deck, shown, stock),
        ...(shown.badges.dots.length === 0 ? [] : [meshLayer(deck, 'dots', shown.drawing.dots, stock)]),
        ...badgeLayers(deck, shown.badges.badges, { id: 'below', isRaised: false }, stock),
        ...badgeLayers(deck, shown.raised, { id: 'above', isRaised: true }, stock),
    ];
}

/**
 * @param {DeckLibrary} deck
 * @param {Drawing} drawing
 * @param {LayerStock} stock
 */
function hotspotLayers(deck, { footprints, outlines }, stock) {
    return [
        stock.layer('hotspots', [footprints], (id) =>
            new deck.SolidPolygonLayer({
                id,
                data: footprints,
                pickable: true,
                _normalize: false,
                positionFormat: 'XY',
                getPolygon: (/** @type {Footprint} */ { polygon }) => polygon,
                getFillColor: (/** @type {Footprint} */ { row }) => [...row.colour, fillAlpha(row.hotspot)],
            }),
        ),
        meshLayer(deck, 'edges', outlines, stock),
    ];
}

/**
 * The few that are raised are drawn once more: what lies below stays as it was.
 *
 * @param {DeckLibrary} deck
 * @param {Shown} shown
 * @param {LayerStock} stock
 */
function raisedLayers(deck, { raised, raisedOutlines }, stock) {
    return raised.length === 0 ? [] : [meshLayer(deck, 'raised', raisedOutlines, stock)];
}

/**
 * @param {readonly Row[]} rows
 * @param {number} zoom
 * @returns {Mesh}
 */
export function raisedOf(rows, zoom) {
    const ribbons = new Ribbons(zoom);
    for (const row of rows) outline(ribbons, row.hotspot, raisedLook(row));
    return ribbons.mesh();
}

/**
 * Hotspots whose badges would lie on those of better ranks, the best on top.
 *
 * @param {readonly Row[]} rows best rank first
 * @param {number} zoom
 * @returns {Mesh}
 */
export function dotsOf(rows, zoom) {
    const ribbons = new Ribbons(zoom);
    const corners = rows.length < CROWD ? ROUND_CORNERS : CROWD_CORNERS;
    for (const row of [...rows].reverse()) {
        ribbons.disc(middle(row), BADGE.dot_px + 1, rim(row, false), corners);
        ribbons.disc(middle(row), BADGE.dot_px, hollow(row), corners);
    }
    return ribbons.mesh();
}

/** @typedef {{id: string, isRaised: boolean}} Level */

/**
 * Badges with the sign of each hotspot, the best rank on top: angular if chronic, round if acute.
 *
 * @param {DeckLibrary} deck
 * @param {readonly Row[]} rows best rank first
 * @param {Level} level
 * @param {LayerStock} stock
 */
function badgeLayers(deck, rows, level, stock) {
    // What the layers are made of has to be the same array for the same rows.
    const ingredients = level.isRaised ? rows : [rows];
    const ofKind = (/** @type {Row['hotspot']['kind']} */ kind) =>
        rows.filter(({ hotspot }) => hotspot.kind === kind).reverse();
    const [acute, chronic] = [ofKind('acute'), ofKind('chronic')];
    return [
        // A text layer without any text makes deck.gl complain about a picture without a size.
        ...(chronic.length === 0
            ? []
            : [stock.layer(`chronic-${level.id}`, ingredients, (id) => angular(deck, chronic, { ...level, id }))]),
        ...(acute.length === 0
            ? []
            : [
                  stock.layer(`badges-${level.id}`, ingredients, (id) => round(deck, acute, { ...level, id })),
                  stock.layer(`signs-${level.id}`, ingredients, (id) => new deck.TextLayer({ ...signs(acute), id })),
              ]),
    ];
}

/**
 * @param {DeckLibrary} deck
 * @param {readonly Row[]} data
 * @param {Level} level
 */
function round({ ScatterplotLayer }, data, { id, isRaised }) {
    return new ScatterplotLayer({
        id,
        data,
        pickable: true,
        stroked: true,
        radiusUnits: 'pixels',
        lineWidthUnits: 'pixels',
        getPosition: middle,
        getRadius: isRaised ? BADGE.chosenRadius_px : BADGE.radius_px,
        getFillColor: hollow,
        getLineColor: (/** @type {Row} */ row) => rim(row, isRaised),
        getLineWidth: isRaised ? 2.5 : 1.5,
    });
}

/**
 * @param {DeckLibrary} deck
 * @param {readonly Row[]} data
 * @param {Level} level
 */
function angular({ TextLayer }, data, { id, isRaised }) {
    return new TextLayer({
        ...signs(data),
        id,
        pickable: true,
        background: true,
        backgroundPadding: isRaised ? [8, 6] : [6, 4],
        backgroundBorderRadius: BADGE.corner_px,
        getBackgroundColor: hollow,
        getBorderColor: (/** @type {Row} */ row) => rim(row, isRaised),
        getBorderWidth: isRaised ? 2.5 : 1.5,
    });
}

/** @param {readonly Row[]} data */
function signs(data) {
    return {
        data,
        getText: (/** @type {Row} */ { sign }) => sign,
        getPosition: middle,
        getSize: figure_px,
        getColor: figureColour,
        fontFamily: FONT,
        fontWeight: 700,
        characterSet: SIGNS,
    };
}

/**
 * Long signs are written smaller.
 *
 * @param {Row} row
 */
export function figure_px({ sign }) {
    return sign.length > 2 ? BADGE.figure_px - 1.25 * (sign.length - 1) : BADGE.figure_px;
}

/** @param {Row} row */
export function figureColour({ hotspot, colour }) {
    return hotspot.grade === 'likely' ? colour : BASE.figure;
}

/** @param {Row} row */
function middle({ hotspot }) {
    return shapeOf(hotspot).middle;
}

/**
 * What a badge is filled with: a likely hotspot's is hollow.
 *
 * @param {Row} row
 */
export function hollow({ hotspot, colour }) {
    return hotspot.grade === 'likely' ? BASE.figure : colour;
}

/**
 * @param {Row} row
 * @param {boolean} isRaised
 */
export function rim({ hotspot, colour }, isRaised) {
    if (isRaised) return BASE.chosen;
    return hotspot.grade === 'likely' ? colour : BASE.border;
}
