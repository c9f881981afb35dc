/** What changed: against last week and four weeks ago, number by number. */

/** @import {Language} from '../types.d.ts' */
/** @import {Change, Context, Evidence} from './types.js' */
import { element } from '../element.js';
import { expectedCount, number } from '../format.js';
import { TEXTS } from '../texts.js';
import { clock } from '../hours/hours.js';

/** A centre that moved less than this stays where it was: its incidents do not lie still. The sentence of the list says so. */
const STILL_M = 20;

/**
 * Which of eight directions a bearing has, north 0, clockwise.
 *
 * @param {number} bearing_deg
 */
export function compass(bearing_deg) {
    return ((Math.round(bearing_deg / 45) % 8) + 8) % 8;
}

/**
 * @param {Evidence} evidence
 * @param {Context} context
 */
export function whatChanged(evidence, { language }) {
    const texts = TEXTS[language];
    const said = evidence.what_changed?.[language];
    const parts = said === undefined ? [] : [element('p', 'panel-said', said)];
    const { changes } = evidence;
    if (changes !== null && changes !== undefined && changes.some((one) => one !== null)) {
        parts.push(compared(evidence, changes, language));
    }
    if (parts.length === 0) return [];
    return [element('h3', '', texts.whatChanged), ...parts];
}

/**
 * @param {Evidence} now
 * @param {readonly (Change | null)[]} changes
 * @param {Language} language
 */
function compared(now, changes, language) {
    const texts = TEXTS[language];
    const weeks = changes.map((one, place) => one?.weeks_ago ?? [1, 4][place] ?? 0);
    const heads = [texts.changeNow, ...weeks.map((ago) => (ago === 1 ? texts.lastWeek : texts.weeksAgo(number(ago, language))))];
    /**
     * @param {string} name
     * @param {string} present
     * @param {(then: Change) => string | Node} told
     */
    const row = (name, present, told) => {
        const cells = [present, ...changes.map((then) => (then === null ? '–' : told(then)))];
        const head = element('th', '', name);
        head.scope = 'row';
        return element('tr', '', head, ...cells.map((text) => element('td', '', text)));
    };
    // Hours that chance may have made are none that change.
    const isPattern = now.hot_times?.is_pattern === true;
    const peak = now.hot_times?.peak;
    const rows = [
        row(texts.changeRank, number(now.rank, language), ({ rank }) => moved(now.rank, rank, language)),
        row(texts.observed, now.observed === undefined ? '–' : number(now.observed, language), ({ observed }) => number(observed, language)),
        row(texts.expected, expectedCount(now.expected ?? null, language), ({ expected }) => expectedCount(expected, language)),
        row(texts.changeSize, hectares(now.area_m2, language), ({ area_m2 }) => hectares(area_m2, language)),
        ...(isPattern ? [row(texts.changeHours, span(peak?.start_hour, peak?.hours), ({ peak_start_hour, peak_hours }) => span(peak_start_hour, peak_hours))] : []),
        row(texts.changePlace, '', (then) => shift(then, language)),
    ];
    const head = element('tr', '', element('td', ''), ...heads.map(columnHead));
    const table = element('table', 'changes', element('caption', 'unseen', texts.whatChanged));
    table.append(element('thead', '', head), element('tbody', '', ...rows));
    return table;
}

/** @param {string} text */
function columnHead(text) {
    const made = element('th', '', text);
    made.scope = 'col';
    return made;
}

/**
 * A rank of then, with the way since.
 *
 * @param {number} now
 * @param {number} then
 * @param {Language} language
 */
function moved(now, then, language) {
    const way = now < then ? '▲' : '▼';
    const sign = element('span', 'changes-way', now === then ? '=' : way);
    // Both ranks are there to be read; the sign is for the eye.
    sign.setAttribute('aria-hidden', 'true');
    return element('span', '', `${number(then, language)} `, sign);
}

/**
 * @param {number | undefined} area_m2
 * @param {Language} language
 */
function hectares(area_m2, language) {
    return area_m2 === undefined ? '–' : `${number(area_m2 / 10_000, language, 1)}\u00a0ha`;
}

/**
 * @param {number | null | undefined} start_hour
 * @param {number | null | undefined} hours
 */
function span(start_hour, hours) {
    if (start_hour === null || start_hour === undefined || hours === null || hours === undefined) return '–';
    return `${clock(start_hour).slice(0, 2)}–${clock(start_hour + hours).slice(0, 2)}`;
}

/**
 * How far and whither the centre has moved since.
 *
 * @param {Change} change
 * @param {Language} language
 */
export function shift({ shift_m, shift_bearing_deg }, language) {
    const texts = TEXTS[language];
    if (shift_m < STILL_M || shift_bearing_deg === null) return texts.still;
    const direction = texts.directions[compass(shift_bearing_deg)] ?? '';
    return `${number(Math.round(shift_m / 10) * 10, language)}\u00a0m ${direction}`;
}
