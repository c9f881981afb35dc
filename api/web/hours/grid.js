/** The week as hours by weekday: which are the peak, and how full each is. Numbers in, numbers out. */

/** @typedef {{readonly weekdays: readonly number[] | null, readonly start_hour: number, readonly hours: number, readonly share?: number}} Peak */

const DAYS = 7;
export const HOURS = 24;

/**
 * The hours of a peak, also those after midnight, which belong to the day after.
 *
 * @param {Peak | null | undefined} peak
 * @returns {Set<number>} weekday (Monday 0) * 24 + hour
 */
export function peakCells(peak) {
    /** @type {Set<number>} */
    const cells = new Set();
    if (peak === null || peak === undefined) return cells;
    const days = peak.weekdays ?? [1, 2, 3, 4, 5, 6, 7];
    for (const day of days) {
        for (let hour = peak.start_hour; hour < peak.start_hour + peak.hours; hour += 1) {
            cells.add((((day - 1) * HOURS + hour) % (DAYS * HOURS) + DAYS * HOURS) % (DAYS * HOURS));
        }
    }
    return cells;
}

/**
 * On which sides of a cell the outline of the peak runs: where the cell beside it is no part of it.
 *
 * @param {Set<number>} cells
 * @param {number} day Monday 0
 * @param {number} hour
 */
export function outline(cells, day, hour) {
    const isIn = (/** @type {number} */ d, /** @type {number} */ h) =>
        d >= 0 && d < DAYS && h >= 0 && h < HOURS && cells.has(d * HOURS + h);
    if (!isIn(day, hour)) return [];
    const sides = /** @type {const} */ ([
        ['north', -1, 0],
        ['south', 1, 0],
        ['west', 0, -1],
        ['east', 0, 1],
    ]);
    return sides.filter(([, down, right]) => !isIn(day + down, hour + right)).map(([side]) => side);
}

/**
 * Which step of the ramp a value has: 0 for none, then equal parts of the largest value.
 *
 * @param {number} value
 * @param {number} most
 * @param {number} steps of the ramp, the empty one not counted
 */
export function level(value, most, steps) {
    if (value <= 0 || most <= 0) return 0;
    return Math.min(steps, Math.max(1, Math.ceil((value / most) * steps - 1e-9)));
}

/**
 * Where a key leads in the grid, or null where it leads nowhere.
 *
 * @param {string} key
 * @param {{readonly day: number, readonly hour: number}} at
 */
export function moved(key, { day, hour }) {
    /** @type {Record<string, {day: number, hour: number}>} */
    const leads = {
        ArrowLeft: { day, hour: hour - 1 },
        ArrowRight: { day, hour: hour + 1 },
        ArrowUp: { day: day - 1, hour },
        ArrowDown: { day: day + 1, hour },
        Home: { day, hour: 0 },
        End: { day, hour: HOURS - 1 },
    };
    const wanted = leads[key];
    if (wanted === undefined) return null;
    return { day: clamp(wanted.day, DAYS), hour: clamp(wanted.hour, HOURS) };
}

/**
 * @param {number} value
 * @param {number} count
 */
function clamp(value, count) {
    return Math.min(count - 1, Math.max(0, value));
}
