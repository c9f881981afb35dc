/** Weeks as people name them. */

/** @import {Language} from '../types.d.ts' */
import { mondayOf, period, sundayOf } from '../format.js';
import { TEXTS } from '../texts.js';

/**
 * `Week 44`.
 *
 * @param {string} week such as `2010-W30`
 * @param {Language} language
 */
export function weekTitle(week, language) {
    return TEXTS[language].weekTitle(String(Number(week.slice(6))));
}

/**
 * Its days in words, `26 Oct – 1 Nov 2026`.
 *
 * @param {string} week
 * @param {Language} language
 */
export function weekDays(week, language) {
    return period(mondayOf(week), sundayOf(week), language);
}
