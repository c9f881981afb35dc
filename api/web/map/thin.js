/** Shapes without the corners that are not seen: each corner costs time where there is no graphics card. Pure. */

/** @import {Area, Feature, Geometry, Position, Ring} from '../types.d.ts' */
import { WORLD_PX } from './mercator.js';

/** Corners that are closer than this to each other are one. */
const SEEN_PX = 3;
/** From this zoom level on all corners are drawn: so little of a city is on the screen then. */
const WHOLE_ZOOM = 16;
/** A shape that is too small for its corners to be seen keeps so many of them. */
const LEAST = 6;

/** Shapes are made anew at each half of a zoom level. */
const STEPS = 2;

/**
 * For which zoom level shapes are made: those of one serve until the next.
 *
 * @param {number} zoom
 */
export function levelOf(zoom) {
    return Math.min(WHOLE_ZOOM, Math.ceil(zoom * STEPS) / STEPS);
}

/**
 * One hotspot's footprint, or any other shape that borders on nothing.
 *
 * @param {Geometry} geometry
 * @param {number} level
 * @returns {Geometry}
 */
export function thinned(geometry, level) {
    return level >= WHOLE_ZOOM ? geometry : changed(geometry, (ring) => sparse(ring, stepsAt(level)));
}

/**
 * Areas that border on each other: corners fall together in the squares of one grid, so that what two areas share
 * stays what they share.
 *
 * @param {readonly Feature<Area>[]} areas
 * @param {number} level
 * @returns {readonly Feature<Area>[]}
 */
export function snapped(areas, level) {
    if (level >= WHOLE_ZOOM) return areas;
    const { lon_deg, lat_deg } = stepsAt(level);
    /** The first corner in each square stands for all of them. @type {Map<string, Position>} */
    const corners = new Map();
    const stand = (/** @type {Position} */ position) => {
        const key = `${Math.floor((position[0] ?? 0) / lon_deg)} ${Math.floor((position[1] ?? 0) / lat_deg)}`;
        const known = corners.get(key);
        if (known === undefined) corners.set(key, position);
        return known ?? position;
    };
    return areas.map((area) => ({ ...area, geometry: changed(area.geometry, (ring) => joined(ring.map(stand), ring)) }));
}

/**
 * @param {number} level
 */
function stepsAt(level) {
    const lon_deg = (SEEN_PX * 360) / (WORLD_PX * 2 ** level);
    // A degree of latitude is higher on the map than a degree of longitude is wide: in the Netherlands 1.6 times.
    return { lon_deg, lat_deg: lon_deg * 0.6 };
}

/**
 * @param {Geometry} geometry
 * @param {(ring: Ring) => Ring} change
 * @returns {Geometry}
 */
function changed(geometry, change) {
    if (geometry.type === 'Polygon') return { type: 'Polygon', coordinates: geometry.coordinates.map(change) };
    return { type: 'MultiPolygon', coordinates: geometry.coordinates.map((rings) => rings.map(change)) };
}

/**
 * @param {Ring} ring
 * @param {{lon_deg: number, lat_deg: number}} step
 * @returns {Ring}
 */
function sparse(ring, { lon_deg, lat_deg }) {
    const first = ring[0] ?? [];
    const [beginX = 0, beginY = 0] = first;
    const kept = [first];
    let [lastX, lastY] = [beginX, beginY];
    for (const position of ring) {
        const [x = 0, y = 0] = position;
        const apart = (/** @type {number} */ otherX, /** @type {number} */ otherY) =>
            Math.abs(x - otherX) / lon_deg + Math.abs(y - otherY) / lat_deg >= 1;
        if (!apart(lastX, lastY) || !apart(beginX, beginY)) continue;
        kept.push(position);
        [lastX, lastY] = [x, y];
    }
    if (kept.length >= LEAST) return [...kept, first];
    const each = Math.max(1, Math.ceil((ring.length - 1) / LEAST));
    return [...ring.filter((_, place) => place % each === 0 && place < ring.length - 1), first];
}

/**
 * A ring whose corners were replaced, without what this made of no length.
 *
 * @param {readonly Position[]} corners
 * @param {Ring} before
 * @returns {Ring}
 */
function joined(corners, before) {
    /** @type {Position[]} */
    const kept = [];
    for (const corner of corners) {
        if (corner === kept.at(-1)) continue;
        // There and back again is nothing.
        if (corner === kept.at(-2)) kept.pop();
        else kept.push(corner);
    }
    return kept.length < 4 || kept[0] !== kept.at(-1) ? before : kept;
}
