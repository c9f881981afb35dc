/** Where to look from, so that something is seen beside what lies over the map. Pure. */

/** @import {Camera, Geometry, Position} from '../types.d.ts' */
import { WORLD_PX, placeOf, world } from './mercator.js';

/** No closer than this, however small what is to be seen. */
const CLOSEST = 22;
/** No closer than this for whoever moves the map. */
export const CLOSEST_ZOOM = 18;

/**
 * Outer borders of a shape.
 *
 * @param {Geometry} geometry
 * @returns {Position[]}
 */
export function outline(geometry) {
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
    return polygons.flatMap(([outer]) => [...(outer ?? [])]);
}

/**
 * The camera that shows all positions on a share of the screen.
 *
 * @param {readonly Position[]} positions
 * @param {{width: number, height: number, share: number}} screen in pixels
 * @returns {Camera}
 */
export function fit(positions, { width, height, share }) {
    let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const position of positions) {
        const [x, y] = world(position);
        west = Math.min(west, x);
        east = Math.max(east, x);
        north = Math.min(north, y);
        south = Math.max(south, y);
    }
    const times = Math.min((width * share) / (east - west), (height * share) / (south - north));
    const zoom = Math.min(CLOSEST, Math.log2(Math.max(times, 1)));
    const [lon_deg, lat_deg] = placeOf([(west + east) / 2, (north + south) / 2]);
    return { lon_deg, lat_deg, zoom };
}

/**
 * The camera that shows in the middle of what is free what another shows in the middle of the map.
 *
 * @param {Camera} camera
 * @param {{right_px: number, bottom_px: number}} covered
 * @returns {Camera}
 */
export function shifted({ lon_deg, lat_deg, zoom }, { right_px, bottom_px }) {
    const lonPerPixel_deg = 360 / (WORLD_PX * 2 ** zoom);
    const latPerPixel_deg = lonPerPixel_deg * Math.cos((lat_deg * Math.PI) / 180);
    return {
        lon_deg: lon_deg + (right_px / 2) * lonPerPixel_deg,
        lat_deg: lat_deg - (bottom_px / 2) * latPerPixel_deg,
        zoom,
    };
}
