/** Who has room on the map: badges by rank, names where no badge lies. Pure. */

/** @import {AreaLabel} from './labels.js' */
import { BADGE } from '../style.js';

/** Between the middles of two badges, in pixels. */
const APART_PX = 2 * BADGE.radius_px + 3;

/** A name under a badge moves up or down by this, in pixels. */
const ASIDE_PX = BADGE.radius_px + BADGE.name_px * 0.75;

/**
 * Which of some places have room for a badge at a zoom level; the first comes first.
 *
 * @param {readonly (readonly [x_px: number, y_px: number])[]} places on a map of the world
 * @param {number} zoom
 * @returns {boolean[]}
 */
export function roomy(places, zoom) {
    const times = 2 ** zoom / APART_PX;
    /** Taken places by square of one badge's width. @type {Map<number, [number, number][]>} */
    const taken = new Map();
    const [originX, originY] = places[0] ?? [0, 0];
    return places.map(([x_px, y_px]) => {
        // From the first place, so that the numbers of the squares stay small.
        const [x, y] = [(x_px - originX) * times, (y_px - originY) * times];
        const [column, line] = [Math.floor(x), Math.floor(y)];
        for (let nearLine = line - 1; nearLine <= line + 1; nearLine += 1) {
            for (let nearColumn = column - 1; nearColumn <= column + 1; nearColumn += 1) {
                const near = taken.get(square(nearColumn, nearLine));
                if (near?.some(([otherX, otherY]) => (otherX - x) ** 2 + (otherY - y) ** 2 < 1)) return false;
            }
        }
        const key = square(column, line);
        const there = taken.get(key);
        if (there === undefined) taken.set(key, [[x, y]]);
        else there.push([x, y]);
        return true;
    });
}

/**
 * One number for a square; far more lines than any map has.
 *
 * @param {number} column
 * @param {number} line
 */
function square(column, line) {
    return column * 16_777_216 + line;
}

/**
 * Names moved aside from badges, and without those that have nowhere to go.
 *
 * @param {readonly AreaLabel[]} labels
 * @param {readonly (readonly [x_px: number, y_px: number])[]} badges on a map of the world
 * @param {number} zoom
 * @param {(code: string, place: readonly [x_px: number, y_px: number]) => boolean} holds whether an area holds a place on
 *     a map of the world: what is written on another area would be taken for what is said of that one
 * @returns {AreaLabel[]}
 */
export function aside(labels, badges, zoom, holds) {
    const times = 2 ** zoom;
    return labels.flatMap((label) => {
        const [x, y] = label.world;
        const near = badges
            .map(([badgeX, badgeY]) => [Math.abs(badgeX - x) * times, (badgeY - y) * times])
            .filter(([across_px = 0]) => across_px < label.width_px / 2 + BADGE.radius_px);
        const isFree = (/** @type {number} */ shift_px) =>
            near.every(([, down_px = 0]) => Math.abs(down_px - shift_px) >= label.height_px / 2 + BADGE.radius_px);
        const stays = (/** @type {number} */ shift_px) =>
            [-1, 1].every((side) => holds(label.code, [x, y + (shift_px + (side * label.height_px) / 2) / times]));
        const shift_px = [0, -ASIDE_PX, ASIDE_PX].find((one) => isFree(one) && (one === 0 || stays(one)));
        if (shift_px === undefined) return [];
        return [shift_px === 0 ? label : { ...label, shift_px }];
    });
}
