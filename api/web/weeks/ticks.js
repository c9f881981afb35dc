/** What stands under the slider: as many names as have room. Pure. */

/** @import {Language} from '../types.d.ts' */
import { mondayOf } from '../format.js';

/** More names than this touch each other on a tablet. */
const MOST = 12;
const LOCALES = Object.freeze({ nl: 'nl-NL', en: 'en-GB' });

/**
 * Up to twelve weeks have their number; of more, the months are named where they begin, then every third, then years.
 *
 * @param {readonly string[]} weeks oldest first
 * @param {Language} language
 * @returns {{place: number, text: string}[]}
 */
export function marks(weeks, language) {
    if (weeks.length <= MOST) return weeks.map((week, place) => ({ place, text: String(Number(week.slice(6))) }));
    const months = weeks.map((week) => mondayOf(week).slice(0, 7));
    const begun = months.flatMap((month, place) => (place > 0 && month !== months[place - 1] ? [{ place, month }] : []));
    const form = new Intl.DateTimeFormat(LOCALES[language], { month: 'short', timeZone: 'UTC' });
    const named = begun.map(({ place, month }) => ({
        place,
        text: month.endsWith('-01') ? month.slice(0, 4) : form.format(new Date(`${month}-01`)),
        month: Number(month.slice(5)),
    }));
    for (const every of [1, 3, 6, 12]) {
        const kept = named.filter(({ month }) => (month - 1) % every === 0);
        if (kept.length <= MOST || every === 12) return kept.map(({ place, text }) => ({ place, text }));
    }
    return [];
}
