/** An outline in dashes. Pure. */

/** @import {Position, Ring} from '../types.d.ts' */

/**
 * Cut a ring into dashes and gaps of one length: so many dashes as are asked for, however large the ring is.
 *
 * @param {Ring} ring
 * @param {number} count of the dashes
 * @returns {[from: Position, to: Position][]} straight pieces
 */
export function dashes(ring, count) {
    const lengths = ring.slice(1).map((to, place) => apart(ring[place] ?? to, to));
    const step = lengths.reduce((sum, length) => sum + length, 0) / (2 * count);
    /** @type {[Position, Position][]} */
    const pieces = [];
    let passed = 0;
    lengths.forEach((length, place) => {
        const [from, to] = [ring[place] ?? [], ring[place + 1] ?? []];
        const end = passed + length;
        // Every other step is a dash; one may begin before this edge or go on after it.
        for (let dash = 2 * Math.floor(passed / (2 * step)); length > 0 && dash * step < end; dash += 2) {
            const [start, stop] = [Math.max(passed, dash * step), Math.min(end, (dash + 1) * step)];
            if (start < stop) pieces.push([at(from, to, (start - passed) / length), at(from, to, (stop - passed) / length)]);
        }
        passed = end;
    });
    return pieces;
}

/**
 * Degrees of latitude between two positions nearby.
 *
 * @param {Position} one
 * @param {Position} other
 */
function apart([lon_deg = 0, lat_deg = 0], [otherLon_deg = 0, otherLat_deg = 0]) {
    return Math.hypot((otherLon_deg - lon_deg) * Math.cos((lat_deg * Math.PI) / 180), otherLat_deg - lat_deg);
}

/**
 * @param {Position} from
 * @param {Position} to
 * @param {number} share of the way, 0 to 1
 * @returns {Position}
 */
function at([fromLon_deg = 0, fromLat_deg = 0], [toLon_deg = 0, toLat_deg = 0], share) {
    return [fromLon_deg + share * (toLon_deg - fromLon_deg), fromLat_deg + share * (toLat_deg - fromLat_deg)];
}
