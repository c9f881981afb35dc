/** The layers of the map, from what is shown; pure but for deck.gl, which it is handed. */

/** @import {Area, DeckLibrary, Feature, Position, Row} from '../types.d.ts' */
/** @import {Segments} from './borders.js' */
/** @import {AreaName} from './labels.js' */
import { BADGE, BASE, GRADES, fillAlpha, strength } from '../style.js';
import { dashes } from './dashes.js';
import { ringsOf } from './inside.js';

/** @typedef {{type: 'Feature', geometry: object, row: Row}} Footprint */

/** @typedef {{from: Position, to: Position, row: Row}} Edge one straight part of a hotspot's outline */

/**
 * @typedef {object} Shown
 * @property {readonly Feature<Area>[]} areas
 * @property {{shared: Segments, outline: Segments}} borders of the areas
 * @property {readonly AreaName[]} names names that fit at this zoom level
 * @property {string} letters all that occur in any name, so that zooming never needs a new one
 * @property {readonly Row[]} rows best rank first
 * @property {readonly Edge[]} edges outlines of the same rows
 * @property {ReadonlySet<string>} touched codes of the neighbourhoods of the chosen hotspot
 * @property {string | null} chosen
 * @property {string | null} lit
 */

/** What the signs on the badges are made of. */
const SIGNS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif';

/**
 * The outlines of hotspots, edge by edge; those of likely ones in dashes. A path layer would join them more finely, at several times the cost.
 *
 * @param {readonly Row[]} rows
 * @returns {Edge[]}
 */
export function edges(rows) {
    return [...rows].reverse().flatMap((row) => {
        const count = GRADES[row.hotspot.grade].dashes;
        return ringsOf(row.hotspot.geometry).flatMap((ring) =>
            count === 0
                ? ring.slice(1).map((to, place) => ({ from: ring[place] ?? to, to, row }))
                : dashes(ring, count).map(([from, to]) => ({ from, to, row })),
        );
    });
}

/**
 * @param {DeckLibrary} deck
 * @param {Shown} shown
 * @returns {object[]} bottom first
 */
export function layers(deck, shown) {
    return [...areaLayers(deck, shown), ...hotspotLayers(deck, shown), ...nameLayers(deck, shown), ...badgeLayers(deck, shown)];
}

/**
 * @param {DeckLibrary} deck
 * @param {Shown} shown
 */
function areaLayers({ GeoJsonLayer, LineLayer }, { areas, borders: { shared, outline }, touched }) {
    return [
        new GeoJsonLayer({
            id: 'areas',
            data: areas,
            stroked: false,
            getFillColor: (/** @type {Feature<Area>} */ { properties }) =>
                touched.has(properties.code) ? BASE.touched : BASE.land,
            updateTriggers: { getFillColor: [...touched].join() },
        }),
        new LineLayer({ id: 'borders', data: shared, getColor: BASE.border, getWidth: 1.5, widthUnits: 'pixels' }),
        new LineLayer({ id: 'outline', data: outline, getColor: BASE.coast, getWidth: 1.5, widthUnits: 'pixels' }),
    ];
}

/**
 * @param {DeckLibrary} deck
 * @param {Shown} shown
 */
function hotspotLayers({ GeoJsonLayer, LineLayer }, { rows, edges, chosen, lit }) {
    const data = rows.map((row) => ({ type: 'Feature', geometry: row.hotspot.geometry, row }));
    const raised = (/** @type {Edge} */ { row }) => row.hotspot.id === chosen || row.hotspot.id === lit;
    const width_px = (/** @type {Edge} */ { row }) => strength(row.hotspot.relative_risk).line_px;
    const shared = {
        data: edges,
        widthUnits: 'pixels',
        getSourcePosition: (/** @type {Edge} */ { from }) => from,
        getTargetPosition: (/** @type {Edge} */ { to }) => to,
        updateTriggers: { getWidth: [chosen, lit], getColor: [chosen, lit] },
    };
    return [
        new GeoJsonLayer({
            id: 'hotspots',
            data,
            pickable: true,
            stroked: false,
            getFillColor: (/** @type {Footprint} */ { row }) => [...row.colour, fillAlpha(row.hotspot)],
        }),
        new LineLayer({
            ...shared,
            id: 'casings',
            getColor: BASE.border,
            getWidth: (/** @type {Edge} */ edge) => width_px(edge) + (raised(edge) ? 5 : 2),
        }),
        new LineLayer({
            ...shared,
            id: 'edges',
            getColor: (/** @type {Edge} */ edge) => (raised(edge) ? BASE.chosen : edge.row.colour),
            getWidth: (/** @type {Edge} */ edge) => width_px(edge) + (raised(edge) ? 0.75 : 0),
        }),
    ];
}

/**
 * @param {DeckLibrary} deck
 * @param {Shown} shown
 */
function nameLayers({ TextLayer }, { names, letters }) {
    // A text layer without any text makes deck.gl complain about a picture without a size.
    if (names.length === 0) return [];
    return [
        new TextLayer({
            id: 'names',
            data: names,
            getText: (/** @type {AreaName} */ { name }) => name,
            getPosition: (/** @type {AreaName} */ { position }) => position,
            getSize: BADGE.name_px,
            getColor: BASE.name,
            fontFamily: FONT,
            fontWeight: 500,
            characterSet: letters,
        }),
    ];
}

/**
 * Badges with the sign of each hotspot; the best rank lies on top, the chosen one above all.
 *
 * @param {DeckLibrary} deck
 * @param {Shown} shown
 */
function badgeLayers(deck, { rows, chosen, lit }) {
    const raised = (/** @type {Row} */ { hotspot }) => hotspot.id === chosen || hotspot.id === lit;
    const below = rows.filter((row) => !raised(row)).reverse();
    const above = rows.filter(raised);
    return [
        ...angular(deck, below, { id: 'below', isRaised: false }),
        ...round(deck, below, { id: 'below', isRaised: false }),
        ...angular(deck, above, { id: 'above', isRaised: true }),
        ...round(deck, above, { id: 'above', isRaised: true }),
    ];
}

/** @typedef {{id: string, isRaised: boolean}} Level */

/**
 * The round badges of acute hotspots.
 *
 * @param {DeckLibrary} deck
 * @param {readonly Row[]} rows
 * @param {Level} level
 */
function round({ ScatterplotLayer, TextLayer }, rows, { id, isRaised }) {
    const data = rows.filter(({ hotspot }) => hotspot.kind === 'acute');
    // A text layer without any text makes deck.gl complain about a picture without a size.
    if (data.length === 0) return [];
    return [
        new ScatterplotLayer({
            id: `badges-${id}`,
            data,
            pickable: true,
            stroked: true,
            radiusUnits: 'pixels',
            lineWidthUnits: 'pixels',
            getPosition: (/** @type {Row} */ { hotspot }) => hotspot.centroid,
            getRadius: isRaised ? BADGE.chosenRadius_px : BADGE.radius_px,
            getFillColor: ground,
            getLineColor: (/** @type {Row} */ row) => rim(row, isRaised),
            getLineWidth: isRaised ? 2.5 : 1.5,
        }),
        new TextLayer({ ...signs(data), id: `signs-${id}` }),
    ];
}

/**
 * The angular badges of chronic hotspots.
 *
 * @param {DeckLibrary} deck
 * @param {readonly Row[]} rows
 * @param {Level} level
 */
function angular({ TextLayer }, rows, { id, isRaised }) {
    const data = rows.filter(({ hotspot }) => hotspot.kind === 'chronic');
    if (data.length === 0) return [];
    return [
        new TextLayer({
            ...signs(data),
            id: `chronic-${id}`,
            pickable: true,
            background: true,
            backgroundPadding: isRaised ? [8, 6] : [6, 4],
            backgroundBorderRadius: BADGE.corner_px,
            getBackgroundColor: ground,
            getBorderColor: (/** @type {Row} */ row) => rim(row, isRaised),
            getBorderWidth: isRaised ? 2.5 : 1.5,
        }),
    ];
}

/** @param {readonly Row[]} data */
function signs(data) {
    return {
        data,
        getText: (/** @type {Row} */ { sign }) => sign,
        getPosition: (/** @type {Row} */ { hotspot }) => hotspot.centroid,
        getSize: (/** @type {Row} */ { sign }) => (sign.length > 2 ? BADGE.figure_px - 2.5 : BADGE.figure_px),
        getColor: (/** @type {Row} */ { hotspot, colour }) => (hotspot.grade === 'likely' ? colour : BASE.figure),
        fontFamily: FONT,
        fontWeight: 700,
        characterSet: SIGNS,
    };
}

/**
 * A likely hotspot's badge is hollow.
 *
 * @param {Row} row
 */
function ground({ hotspot, colour }) {
    return hotspot.grade === 'likely' ? BASE.figure : colour;
}

/**
 * @param {Row} row
 * @param {boolean} isRaised
 */
function rim({ hotspot, colour }, isRaised) {
    if (isRaised) return BASE.chosen;
    return hotspot.grade === 'likely' ? colour : BASE.border;
}
