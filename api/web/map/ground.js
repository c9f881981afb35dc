/** The ground of the map: land, figures of neighbourhoods, borders, names. Layers from what is shown; pure but for deck.gl. */

/** @import {Area, DeckLibrary, Feature} from '../types.d.ts' */
/** @import {Figures, Overlay, Streets, Tiles} from './drawing.d.ts' */
/** @import {Segments} from './borders.js' */
/** @import {AreaLabel, AreaName} from './labels.js' */
/** @import {FlatPolygon} from './flat.js' */
/** @import {Mesh} from './ribbons.js' */
/** @import {LayerStock} from './stock.js' */
import { BADGE, BASE, NO_DATA, SEEN_THROUGH, STREETS, classOf } from '../style.js';
import { borders } from './borders.js';
import { meshLayer } from './extras.js';
import { boxOf, polygons } from './flat.js';
import { insides, ringsOf } from './inside.js';
import { LINE_HEIGHT, areaName } from './labels.js';
import { snapped } from './thin.js';

/** @typedef {{code: string, polygon: FlatPolygon}} Part of an area, which may lie in several */

/**
 * @typedef {object} Ground
 * @property {readonly Feature<Area>[]} areas
 * @property {readonly Part[]} parts as they are drawn
 * @property {Segments} shared borders
 * @property {Segments} outline
 * @property {readonly AreaName[]} names
 * @property {string} letters all that may be written, so that another zoom level never needs a new one
 */

/**
 * @typedef {object} GroundShown
 * @property {Ground} ground
 * @property {Figures | null} figures
 * @property {{shared: Mesh, outline: Mesh}} borders
 * @property {ReadonlySet<string>} touched codes of the neighbourhoods of the chosen hotspot
 * @property {readonly AreaLabel[]} labels
 * @property {Tiles | null} tiles
 * @property {Streets} streets
 * @property {(tile: {url: string, signal: AbortSignal}) => Promise<ImageBitmap | null>} fetchTile
 */

/** What figures are written with. */
const FIGURES = '0123456789.,+−–-×%<> ';

export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif';

/** Lines of hatching across the largest area. */
const HATCHES = 36;

/**
 * Make the areas ready, once.
 *
 * @param {readonly Feature<Area>[]} areas
 * @returns {Ground}
 */
export function groundOf(areas) {
    const names = areas.map(areaName);
    const letters = [...new Set(names.map(({ name }) => name).join('') + FIGURES)].join('');
    return { areas, parts: [], shared: [], outline: [], names, letters };
}

/**
 * The same with the shapes that are drawn at a zoom level.
 *
 * @param {Ground} ground
 * @param {number} level
 * @returns {Ground}
 */
export function groundAt(ground, level) {
    const areas = snapped(ground.areas, level);
    const parts = areas.flatMap(({ geometry, properties: { code } }) =>
        polygons(geometry).map((polygon) => ({ code, polygon })),
    );
    return { ...ground, parts, ...borders(areas) };
}

/**
 * @param {DeckLibrary} deck
 * @param {GroundShown} shown
 * @param {LayerStock} stock
 */
export function groundLayers(deck, shown, stock) {
    const { ground, figures, touched, tiles } = shown;
    const below = tiles === null ? [] : [tileLayer(deck, tiles, shown, stock)];
    const fill = stock.layer('areas', [ground, figures, touched, tiles], (id) =>
        new deck.SolidPolygonLayer({
            id,
            data: ground.parts,
            _normalize: false,
            positionFormat: 'XY',
            getPolygon: (/** @type {Part} */ { polygon }) => polygon,
            getFillColor: (/** @type {Part} */ { code }) => areaColour(code, shown),
            updateTriggers: { getFillColor: [figures, touched, tiles] },
        }),
    );
    return [...below, fill, ...(figures === null ? [] : [hatchLayer(deck, ground, figures, stock)])];
}

/**
 * Borders lie above the density, so that one sees where one is.
 *
 * @param {DeckLibrary} deck
 * @param {GroundShown} shown
 * @param {LayerStock} stock
 */
export function borderLayers(deck, { borders: { shared, outline }, streets }, stock) {
    const { LineLayer } = deck;
    return [
        ...streets.map(({ rank, from, to }) =>
            stock.layer(`streets-${rank}`, [from, to], (id) => {
                const attributes = { getSourcePosition: { value: from, size: 2 }, getTargetPosition: { value: to, size: 2 } };
                const { colour, width_px } = STREETS[rank] ?? { colour: BASE.border, width_px: 1 };
                const data = { length: from.length / 2, attributes };
                return new LineLayer({ id, data, getColor: colour, getWidth: width_px, widthUnits: 'pixels' });
            }),
        ),
        meshLayer(deck, 'borders', shared, stock),
        meshLayer(deck, 'outline', outline, stock),
    ];
}

/**
 * @param {DeckLibrary} deck
 * @param {GroundShown & Pick<Overlay, 'surface'>} shown
 * @param {LayerStock} stock
 */
export function nameLayers({ TextLayer }, shown, stock) {
    const { labels, ground } = shown;
    const colour = nameColour(shown);
    // A text layer without any text makes deck.gl complain about a picture without a size.
    if (labels.length === 0) return [];
    return [
        stock.layer('names', [labels, ground, colour], (id) =>
            new TextLayer({
                id,
                data: labels,
                getText: (/** @type {AreaLabel} */ { text }) => text,
                getPosition: (/** @type {AreaLabel} */ { position }) => position,
                getPixelOffset: (/** @type {AreaLabel} */ { shift_px }) => [0, shift_px],
                getSize: BADGE.name_px,
                getColor: colour,
                fontFamily: FONT,
                fontWeight: 500,
                lineHeight: LINE_HEIGHT,
                characterSet: ground.letters,
                updateTriggers: { getColor: [colour] },
            }),
        ),
    ];
}

/**
 * On the darkest class of a scale only ink can be read.
 *
 * @param {Pick<Overlay, 'figures' | 'surface'>} shown
 */
export function nameColour({ figures, surface }) {
    return figures === null && surface === null ? BASE.name : BASE.chosen;
}

/**
 * @param {string} code
 * @param {GroundShown} shown
 * @returns {readonly number[]}
 */
function areaColour(code, { figures, touched, tiles }) {
    if (figures !== null) {
        const value = figures.values.get(code) ?? null;
        const colour = value === null ? NO_DATA.ground : figures.scale.colours[classOf(value, figures.scale.breaks)];
        return [...(colour ?? NO_DATA.ground), tiles === null ? 255 : SEEN_THROUGH.figures];
    }
    if (tiles !== null) return [...BASE.touched, touched.has(code) ? 110 : SEEN_THROUGH.land];
    return [...(touched.has(code) ? BASE.touched : BASE.land), 255];
}

/**
 * Areas without a figure are hatched: no colour of the scale says so.
 *
 * @param {DeckLibrary} deck
 * @param {Ground} ground
 * @param {Figures} figures
 * @param {LayerStock} stock
 */
function hatchLayer({ LineLayer }, ground, figures, stock) {
    return stock.layer('hatch', [ground, figures.values], (id) => {
        const without = ground.areas.filter(({ properties: { code } }) => (figures.values.get(code) ?? null) === null);
        const { hatch, hatch_px } = NO_DATA;
        return new LineLayer({ id, data: hatching(without, ground.areas), getColor: hatch, getWidth: hatch_px, widthUnits: 'pixels' });
    });
}

/**
 * Level lines through areas, at the same distance in all.
 *
 * @param {readonly Feature<Area>[]} without
 * @param {readonly Feature<Area>[]} all
 */
function hatching(without, all) {
    const [, south_deg, , north_deg] = boxOf(all.flatMap(({ geometry }) => ringsOf(geometry)));
    const step_deg = (north_deg - south_deg) / (4 * HATCHES);
    /** @type {number[]} */
    const from = [];
    /** @type {number[]} */
    const to = [];
    for (const { geometry } of without) {
        const rings = ringsOf(geometry);
        const [, low_deg, , high_deg] = boxOf(rings);
        const first = Math.ceil((low_deg - south_deg) / step_deg);
        for (let line = first; south_deg + line * step_deg < high_deg; line += 1) {
            const lat_deg = south_deg + line * step_deg;
            for (const [west_deg, east_deg] of insides(rings, lat_deg)) {
                from.push(west_deg, lat_deg);
                to.push(east_deg, lat_deg);
            }
        }
    }
    return {
        length: from.length / 2,
        attributes: {
            getSourcePosition: { value: new Float64Array(from), size: 2 },
            getTargetPosition: { value: new Float64Array(to), size: 2 },
        },
    };
}

/**
 * The map of somebody else, calm and grey, so that hotspots stand out.
 *
 * @param {DeckLibrary} deck
 * @param {Tiles} tiles
 * @param {GroundShown} shown
 * @param {LayerStock} stock
 */
function tileLayer({ TileLayer, BitmapLayer }, tiles, { fetchTile }, stock) {
    return stock.layer('tiles', [tiles], (id) =>
        new TileLayer({
            id,
            data: tiles.url,
            tileSize: 256,
            maxZoom: tiles.max_zoom,
            maxRequests: 6,
            maxCacheSize: 128,
            refinementStrategy: 'best-available',
            getTileData: fetchTile,
            // What cannot be fetched is not drawn; the map works without it.
            onTileError: () => undefined,
            renderSubLayers: (/** @type {{id: string, data: unknown, tile: {boundingBox: number[][]}}} */ { id: part, data, tile }) => {
                const [[west_deg = 0, south_deg = 0] = [], [east_deg = 0, north_deg = 0] = []] = tile.boundingBox;
                const bounds = [west_deg, south_deg, east_deg, north_deg];
                return data === null || data === undefined
                    ? null
                    : new BitmapLayer({ id: part, image: data, bounds, desaturate: 0.85, tintColor: [255, 255, 255], opacity: 0.6 });
            },
        }),
    );
}
