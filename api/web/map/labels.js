/** Where the name of an area fits, and from which zoom level on. Pure. */

/** @import {Area, Feature, Position} from '../types.d.ts' */
import { BADGE } from '../style.js';
import { insides, ringsOf } from './inside.js';
import { WORLD_PX } from './scale.js';

/** @typedef {{name: string, position: Position, fromZoom: number}} AreaName */

/** Scan lines per area; more find a slightly wider place for the name. */
const LINES = 15;

/** Width of a letter against its height in the usual system fonts, on average. */
const LETTER_WIDTH = 0.56;

/**
 * Place the name in the widest free part of the area, near its middle height.
 *
 * @param {Feature<Area>} area
 * @returns {AreaName}
 */
export function areaName({ geometry, properties: { name } }) {
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
    const text_px = name.length * LETTER_WIDTH * BADGE.name_px;
    const fromZoom = Math.log2((text_px * 360) / (WORLD_PX * Math.max(best.width_deg, 1e-9)));
    return { name, position: [best.lon_deg, best.lat_deg], fromZoom };
}
