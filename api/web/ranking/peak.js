/** The hours when to be there, in a few letters. */

/** @import {Language, Peak} from '../types.d.ts' */
import { dates } from '../format.js';
import { TEXTS } from '../texts.js';

const HOURS = 24;
const WEEKDAYS = 7;
/** A Monday. */
const MONDAY_MS = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/**
 * `Fri–Sat 22:00–1:00`; without days where days show no pattern.
 *
 * @param {Peak} peak
 * @param {Language} language
 */
export function peakText([start, hours, weekdays], language) {
    const said = TEXTS[language].peakHours(String(start), String((start + hours) % HOURS));
    return weekdays === null ? said : `${dayRanges(weekdays, language)} ${said}`;
}

/**
 * Days that follow each other as a range, also around the end of the week.
 *
 * @param {readonly number[]} weekdays 1 for Monday
 * @param {Language} language
 */
export function dayRanges(weekdays, language) {
    const on = new Set(weekdays);
    if (on.size === 0 || on.size === WEEKDAYS) return weekdays.length === 0 ? '' : range(1, WEEKDAYS, language);
    const starts = [...on].sort((one, other) => one - other).filter((day) => !on.has(before(day)));
    return starts.map((day) => range(day, lastOf(day, on), language)).join(', ');
}

/** @param {number} day */
function before(day) {
    return ((day + WEEKDAYS - 2) % WEEKDAYS) + 1;
}

/**
 * @param {number} day
 * @param {ReadonlySet<number>} on
 * @returns {number}
 */
function lastOf(day, on) {
    const next = (day % WEEKDAYS) + 1;
    return on.has(next) ? lastOf(next, on) : day;
}

/**
 * @param {number} first
 * @param {number} last
 * @param {Language} language
 */
function range(first, last, language) {
    if (first === last) return dayName(first, language);
    const between = (first % WEEKDAYS) + 1 === last ? ', ' : '–';
    return `${dayName(first, language)}${between}${dayName(last, language)}`;
}

/**
 * @param {number} day
 * @param {Language} language
 */
function dayName(day, language) {
    const form = dates(language, { weekday: 'short', timeZone: 'UTC' });
    return form.format(MONDAY_MS + (day - 1) * DAY_MS);
}
