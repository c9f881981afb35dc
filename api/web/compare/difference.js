/** What differs between two weeks' lists, as far as it passes the filters. Pure. */

/** @import {Row} from '../types.d.ts' */

/** @typedef {{row: Row, before: Row}} Moved */

/**
 * @typedef {object} Difference
 * @property {readonly Row[]} fresh on the later list only
 * @property {readonly Row[]} gone on the earlier list only
 * @property {readonly Moved[]} up
 * @property {readonly Moved[]} down
 * @property {number} same on both lists at the same rank
 */

/**
 * A hotspot keeps its id through the weeks, and a rank is one among those of its theme.
 *
 * @param {readonly Row[]} earlier
 * @param {readonly Row[]} later
 * @returns {Difference}
 */
export function difference(earlier, later) {
    const before = new Map(earlier.map((row) => [row.hotspot.id, row]));
    const after = new Set(later.map(({ hotspot }) => hotspot.id));
    const both = later.flatMap((row) => {
        const found = before.get(row.hotspot.id);
        return found === undefined ? [] : [{ row, before: found }];
    });
    return {
        fresh: later.filter(({ hotspot }) => !before.has(hotspot.id)),
        gone: earlier.filter(({ hotspot }) => !after.has(hotspot.id)),
        up: both.filter((one) => steps(one) > 0),
        down: both.filter((one) => steps(one) < 0),
        same: both.filter((one) => steps(one) === 0).length,
    };
}

/**
 * How many places a hotspot came up; below zero if it went down.
 *
 * @param {Moved} moved
 */
export function steps({ row, before }) {
    return before.hotspot.rank - row.hotspot.rank;
}

/**
 * Two weeks in the order of time.
 *
 * @param {string} one such as `2026-W44`
 * @param {string} other
 * @returns {readonly [earlier: string, later: string]}
 */
export function inOrder(one, other) {
    return one < other ? [one, other] : [other, one];
}
