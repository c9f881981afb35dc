/** Where the names of areas and their figures fit, and from which zoom level on. Pure. */

/** @import {Area, Feature, Position} from '../types.d.ts' */
import { BADGE } from '../style.js';
import { insides, ringsOf } from './inside.js';
import { WORLD_PX, world } from './mercator.js';

/** @typedef {{code: string, name: string, position: Position, width_deg: number, fromZoom: number}} AreaName */

/**
 * @typedef {object} AreaLabel
 * @property {string} code
 * @property {string} text
 * @property {Position} position
 * @property {readonly [x_px: number, y_px: number]} world the same on a map of the world
 * @property {number} width_px
 * @property {number} height_px
 * @property {number} shift_px how far it stands above (below 0) or below its place
 */

/** Scan lines per area; more find a slightly wider place for the name. */
const LINES = 15;

/** Width of a letter against its height in the usual system fonts, on average. */
const LETTER_WIDTH = 0.56;

/** From one line of text to the next, against the height of the letters. */
export const LINE_HEIGHT = 1.2;

/**
 * Place the name in the widest free part of the area, near its middle height.
 *
 * @param {Feature<Area>} area
 * @returns {AreaName}
 */
export function areaName({ geometry, properties: { code, name } }) {
    const rings = ringsOf(geometry);
    const lats_deg = rings.flatMap((ring) => ring.map(([, lat_deg = 0]) => lat_deg));
    const south_deg = lats_deg.reduce((least, lat_deg) => Math.min(least, lat_deg), Infinity);
    const north_deg = lats_deg.reduce((most, lat_deg) => Math.max(most, lat_deg), -Infinity);
    let best = { width_deg: 0, lon_deg: 0, lat_deg: south_deg, worth: -1 };
    for (let line = 1; line <= LINES; line += 1) {
        const height = line / (LINES + 1);
        const lat_deg = south_deg + (north_deg - south_deg) * height;
        for (const [west_deg, east_deg] of insides(rings, lat_deg)) {
            const width_deg = east_deg - west_deg;
            // A line close to the top or the bottom leaves no room for the height of the letters.
            const worth = width_deg * (1 - 2 * Math.abs(height - 0.5)) ** 0.5;
            if (worth > best.worth) best = { width_deg, lon_deg: (west_deg + east_deg) / 2, lat_deg, worth };
        }
    }
    const { width_deg } = best;
    return { code, name, position: [best.lon_deg, best.lat_deg], width_deg, fromZoom: zoomFor(name, width_deg) };
}

/**
 * From which zoom level on a text fits into so many degrees.
 *
 * @param {string} text
 * @param {number} width_deg
 */
function zoomFor(text, width_deg) {
    return Math.log2((widthOf(text) * 360) / (WORLD_PX * Math.max(width_deg, 1e-9)));
}

/** @param {string} text */
function widthOf(text) {
    return text.length * LETTER_WIDTH * BADGE.name_px;
}

/**
 * What is written on the areas at a zoom level: the name where it fits, the figure below it or, where only that fits, alone.
 *
 * @param {readonly AreaName[]} names
 * @param {ReadonlyMap<string, string> | null} figures by code
 * @param {number} zoom
 * @returns {AreaLabel[]}
 */
export function labels(names, figures, zoom) {
    return names.flatMap(({ code, name, position, width_deg, fromZoom }) => {
        const figure = figures?.get(code);
        const lines = [
            ...(fromZoom <= zoom ? [name] : []),
            ...(figure !== undefined && zoomFor(figure, width_deg) <= zoom ? [figure] : []),
        ];
        if (lines.length === 0) return [];
        const width_px = Math.max(...lines.map(widthOf));
        const height_px = lines.length * LINE_HEIGHT * BADGE.name_px;
        return [{ code, text: lines.join('\n'), position, world: world(position), width_px, height_px, shift_px: 0 }];
    });
}
