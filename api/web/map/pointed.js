/**
 * What lies under the pointer, from the same figures that are drawn. Asking deck.gl instead would draw everything once
 * more at each move of the pointer, which takes long without a graphics card. Pure.
 */

/** @import {Area, Camera, Feature, Hotspot, Position, Row} from '../types.d.ts' */
/** @import {Badges, Before, Incidents, Pile, Surface} from './drawing.d.ts' */
import { BADGE, BEFORE } from '../style.js';
import { pile_px } from './extras.js';
import { shapeOf } from './flat.js';
import { areaAt, insides, ringsOf } from './inside.js';
import { WORLD_PX, toGround, world } from './mercator.js';

/** Up to so many pixels beside a small thing it is meant all the same. */
const NEAR_PX = 4;

/**
 * @typedef {object} Pointed topmost first; at most one of `row`, `pile`, `was` and `square` is there
 * @property {Row} [row]
 * @property {Pile} [pile]
 * @property {Hotspot} [was] a hotspot of the week before
 * @property {number} [square] its place in the columns
 * @property {Feature<Area>} [area]
 */

/**
 * @typedef {object} Drawn
 * @property {readonly Row[]} rows best rank first
 * @property {Badges} badges
 * @property {readonly Feature<Area>[]} areas
 * @property {Before | null} before
 * @property {Incidents | null} incidents
 * @property {Surface | null} surface
 */

/**
 * @param {readonly [x_px: number, y_px: number]} pixel
 * @param {Camera} camera
 * @param {{width: number, height: number}} size
 * @param {Drawn} drawn
 * @returns {Pointed}
 */
export function pointed(pixel, camera, size, drawn) {
    const position = toGround(pixel, camera, size);
    // In the order in which they lie above each other.
    const found =
        badgeAt(position, camera.zoom, drawn) ??
        pileAt(position, camera.zoom, drawn) ??
        footprintAt(position, drawn) ??
        wasAt(position, camera.zoom, drawn) ??
        squareAt(position, drawn);
    const area = areaAt(drawn.areas, position);
    return { ...found, ...(area === undefined ? {} : { area }) };
}

/**
 * @param {Position} position
 * @param {number} zoom
 * @param {Drawn} drawn
 * @returns {Pointed | undefined}
 */
function badgeAt(position, zoom, { badges: { badges, dots } }) {
    const [x, y] = world(position);
    const within = (/** @type {number} */ radius_px) => (/** @type {Row} */ { hotspot }) => {
        const [otherX, otherY] = shapeOf(hotspot).world;
        return Math.hypot(otherX - x, otherY - y) * 2 ** zoom <= radius_px;
    };
    const row = badges.find(within(BADGE.radius_px)) ?? dots.find(within(BADGE.dot_px + NEAR_PX));
    return row === undefined ? undefined : { row };
}

/**
 * @param {Position} position
 * @param {number} zoom
 * @param {Drawn} drawn
 * @returns {Pointed | undefined}
 */
function pileAt(position, zoom, { incidents }) {
    const pile = incidents?.piles.find((one) => apart_px(one.position, position, zoom) <= pile_px(one.count) + NEAR_PX);
    return pile === undefined ? undefined : { pile };
}

/**
 * @param {Position} position
 * @param {Drawn} drawn
 * @returns {Pointed | undefined}
 */
function footprintAt(position, { rows }) {
    const row = rows.find(({ hotspot }) => holds(hotspot, position));
    return row === undefined ? undefined : { row };
}

/**
 * @param {Position} position
 * @param {number} zoom
 * @param {Drawn} drawn
 * @returns {Pointed | undefined}
 */
function wasAt(position, zoom, { before }) {
    const isRing = (/** @type {Hotspot} */ hotspot) =>
        before?.gone.has(hotspot.id) === true &&
        apart_px(shapeOf(hotspot).middle, position, zoom) <= BEFORE.gone_px + NEAR_PX;
    const was = before?.hotspots.find((hotspot) => isRing(hotspot) || holds(hotspot, position));
    return was === undefined ? undefined : { was };
}

/**
 * @param {Position} position
 * @param {Drawn} drawn
 * @returns {Pointed | undefined}
 */
function squareAt(position, { surface }) {
    const square = surface === null ? null : placeAt(surface, position);
    return square === null ? undefined : { square };
}

/**
 * @param {Position} one
 * @param {Position} other
 * @param {number} zoom
 */
function apart_px([lon_deg = 0, lat_deg = 0], [otherLon_deg = 0, otherLat_deg = 0], zoom) {
    const perDegree_px = (WORLD_PX * 2 ** zoom) / 360;
    const stretched = 1 / Math.cos((lat_deg * Math.PI) / 180);
    return perDegree_px * Math.hypot(lon_deg - otherLon_deg, (lat_deg - otherLat_deg) * stretched);
}

/**
 * Whether a footprint holds a position.
 *
 * @param {Hotspot} hotspot
 * @param {Position} position
 */
function holds(hotspot, [lon_deg = NaN, lat_deg = NaN]) {
    const [west, south, east, north] = shapeOf(hotspot).box;
    if (lon_deg < west || lon_deg > east || lat_deg < south || lat_deg > north) return false;
    return insides(ringsOf(hotspot.geometry), lat_deg).some(([from_deg, to_deg]) => from_deg <= lon_deg && lon_deg < to_deg);
}

/**
 * The square of the density that holds a position, as its place in the columns.
 *
 * @param {Surface} surface
 * @param {Position} position
 * @returns {number | null}
 */
export function placeAt({ corners_deg, picture: { width, height }, places }, position) {
    const [southWest, southEast, , northWest] = corners_deg.map((corner) => world(corner));
    const [x, y] = world(position);
    if (southWest === undefined || southEast === undefined || northWest === undefined) return null;
    const [east, north] = [
        [southEast[0] - southWest[0], southEast[1] - southWest[1]],
        [northWest[0] - southWest[0], northWest[1] - southWest[1]],
    ];
    const [dx, dy] = [x - southWest[0], y - southWest[1]];
    // How far along either side of the grid, by Cramer's rule.
    const [[a = 0, b = 0] = [], [c = 0, d = 0] = []] = [east, north];
    const size = a * d - b * c;
    const column = Math.floor(((dx * d - dy * c) / size) * width);
    const line = height - 1 - Math.floor(((a * dy - b * dx) / size) * height);
    if (column < 0 || column >= width || line < 0 || line >= height) return null;
    const place = places[line * width + column] ?? -1;
    return place < 0 ? null : place;
}
