/** Places on the ground and on the screen, by the web Mercator projection. Pure. */

/** @import {Camera, Position} from '../types.d.ts' */

/** Pixels around the globe at zoom level 0, as deck.gl counts. */
export const WORLD_PX = 512;

/**
 * Where a place lies on a map of the world at zoom level 0, from its north-western corner.
 *
 * @param {Position} position
 * @returns {[x_px: number, y_px: number]}
 */
export function world([lon_deg = 0, lat_deg = 0]) {
    const turned = Math.log(Math.tan(Math.PI / 4 + (lat_deg * Math.PI) / 360)) / Math.PI;
    return [(WORLD_PX * (lon_deg + 180)) / 360, (WORLD_PX * (1 - turned)) / 2];
}

/**
 * What place a pixel of a map of this size shows.
 *
 * @param {readonly [x_px: number, y_px: number]} pixel
 * @param {Camera} camera
 * @param {{width: number, height: number}} size in pixels
 * @returns {[lon_deg: number, lat_deg: number]}
 */
export function toGround([x_px, y_px], { lon_deg, lat_deg, zoom }, { width, height }) {
    const [middleX, middleY] = world([lon_deg, lat_deg]);
    return placeOf([middleX + (x_px - width / 2) / 2 ** zoom, middleY + (y_px - height / 2) / 2 ** zoom]);
}

/**
 * What place lies somewhere on a map of the world at zoom level 0: the other way round than `world`.
 *
 * @param {readonly [x_px: number, y_px: number]} pixel
 * @returns {[lon_deg: number, lat_deg: number]}
 */
export function placeOf([x, y]) {
    const turned = Math.PI * (1 - (2 * y) / WORLD_PX);
    return [(x * 360) / WORLD_PX - 180, (Math.atan(Math.sinh(turned)) * 180) / Math.PI];
}
