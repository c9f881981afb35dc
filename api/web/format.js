/** Numbers, dates and weeks in the reader's way. */

/** @import {Language} from './types.d.ts' */

/** Stands where there is no number. */
const ABSENT = '–';

const DAY_MS = 86_400_000;
const LOCALES = Object.freeze({ nl: 'nl-NL', en: 'en-GB' });

/** To make a format takes far longer than to use it, and a list writes thousands of numbers. @type {Map<string, Intl.NumberFormat>} */
const NUMBERS = new Map();
/** @type {Map<string, Intl.DateTimeFormat>} */
const DATES = new Map();

/**
 * @param {Language} language
 * @param {Intl.NumberFormatOptions} how
 */
function numbers(language, how) {
    const key = `${language} ${JSON.stringify(how)}`;
    const made = NUMBERS.get(key) ?? new Intl.NumberFormat(LOCALES[language], how);
    NUMBERS.set(key, made);
    return made;
}

/**
 * How dates are written in a language; made once.
 *
 * @param {Language} language
 * @param {Intl.DateTimeFormatOptions} how
 */
export function dates(language, how) {
    const key = `${language} ${JSON.stringify(how)}`;
    const made = DATES.get(key) ?? new Intl.DateTimeFormat(LOCALES[language], how);
    DATES.set(key, made);
    return made;
}

/**
 * A number with so many decimals at the most.
 *
 * @param {number} value
 * @param {Language} language
 * @param {number} [decimals]
 */
export function number(value, language, decimals = 0) {
    return numbers(language, { maximumFractionDigits: decimals }).format(value);
}

/**
 * An expected count: a decimal where it matters, none where it would only pretend; what is not nothing is never 0.
 *
 * @param {number | null} value
 * @param {Language} language
 */
export function expectedCount(value, language) {
    if (value === null) return ABSENT;
    if (value > 0 && value < 0.05) return `< ${number(0.1, language, 1)}`;
    return number(value, language, value < 20 ? 1 : 0);
}

/**
 * How many times as many.
 *
 * @param {number | null} value
 * @param {Language} language
 */
export function times(value, language) {
    if (value === null) return ABSENT;
    return `${number(value, language, value < 10 ? 1 : 0)}×`;
}

/**
 * A share between 0 and 1 as a percentage; what is not nothing is never written as 0 %.
 *
 * @param {number} share
 * @param {Language} language
 */
export function percentage(share, language) {
    const rounded = Math.round(share * 100);
    const text = rounded === 0 && share > 0 ? `< ${number(1, language)}` : number(rounded, language);
    return language === 'nl' ? `${text}\u00a0%` : `${text}%`;
}

/** Below this nobody needs the digits, and none is ever zero. */
const LEAST_P = 0.001;

/**
 * A p-value with two digits that count.
 *
 * @param {number} p
 * @param {Language} language
 */
export function pValue(p, language) {
    if (p < LEAST_P) return `< ${numbers(language, {}).format(LEAST_P)}`;
    return numbers(language, { maximumSignificantDigits: 2 }).format(p);
}

/**
 * Two days as one period, `28 Jun – 25 Jul 2010`.
 *
 * @param {string} first ISO date
 * @param {string} last ISO date
 * @param {Language} language
 */
export function period(first, last, language) {
    const form = dates(language, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
    // Some engines put thin spaces around the dash, some do not: one kind of space breaks lines alike everywhere.
    return form.formatRange(new Date(first), new Date(last)).replace(/\s*–\s*/u, ' – ');
}

/**
 * An instant in the reader's own time zone.
 *
 * @param {string} instant ISO instant
 * @param {Language} language
 */
export function moment(instant, language) {
    return dates(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(instant));
}

/**
 * A day, `4 Dec 2026`.
 *
 * @param {string} day ISO date
 * @param {Language} language
 */
export function dayOf(day, language) {
    return dates(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(day));
}

/**
 * Names of the days of the week, Monday first.
 *
 * @param {Language} language
 * @param {'short' | 'long'} length
 */
export function weekdays(language, length) {
    const form = dates(language, { weekday: length, timeZone: 'UTC' });
    // 5 January 1970 was a Monday.
    return Array.from({ length: 7 }, (_, day) => form.format(new Date((day + 4) * DAY_MS)));
}

/**
 * The weeks up to and with one of them, oldest first.
 *
 * @param {string} last such as `2026-W44`
 * @param {number} count
 */
export function weeksUpTo(last, count) {
    const weeks = [last];
    while (weeks.length < count) weeks.unshift(weekBefore(weeks[0] ?? last));
    return weeks;
}

/**
 * First day of an ISO week.
 *
 * @param {string} week such as `2010-W30`
 * @returns {string} ISO date
 */
export function mondayOf(week) {
    const year = Number(week.slice(0, 4));
    // 4 January always lies in week 1.
    const fourth = new Date(Date.UTC(year, 0, 4));
    const weekday = (fourth.getUTCDay() + 6) % 7;
    return isoDate(fourth.getTime() + ((Number(week.slice(6)) - 1) * 7 - weekday) * DAY_MS);
}

/**
 * Last day of an ISO week.
 *
 * @param {string} week such as `2010-W30`
 * @returns {string} ISO date
 */
export function sundayOf(week) {
    return isoDate(Date.parse(mondayOf(week)) + 6 * DAY_MS);
}

/**
 * The ISO week before another.
 *
 * @param {string} week such as `2010-W01`
 * @returns {string} such as `2009-W53`
 */
export function weekBefore(week) {
    const thursday = new Date(Date.parse(mondayOf(week)) - 4 * DAY_MS);
    const year = thursday.getUTCFullYear();
    const days = (thursday.getTime() - Date.UTC(year, 0, 1)) / DAY_MS;
    return `${year}-W${String(Math.floor(days / 7) + 1).padStart(2, '0')}`;
}

/** @param {number} instant_ms */
function isoDate(instant_ms) {
    return new Date(instant_ms).toISOString().slice(0, 10);
}
