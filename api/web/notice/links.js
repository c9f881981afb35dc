/** What to show for a link to something that is not there: the nearest useful thing. Pure. */

import { mondayOf } from '../format.js';

/**
 * The published week closest to one that is not; of two that are as close the later.
 *
 * @param {readonly string[]} weeks latest first
 * @param {string} asked
 * @returns {string | null} null if nothing is published
 */
export function nearestWeek(weeks, asked) {
    const wanted_ms = Date.parse(mondayOf(asked));
    const away = (/** @type {string} */ week) => Math.abs(Date.parse(mondayOf(week)) - wanted_ms);
    return weeks.reduce(
        (/** @type {string | null} */ best, week) => (best === null || away(week) < away(best) ? week : best),
        null,
    );
}
