/** When: incidents by weekday and hour, the darker the more, the peak outlined. */

/** @import {Language} from '../types.d.ts' */
/** @import {Peak} from './grid.js' */
import { element } from '../element.js';
import { number, weekdays } from '../format.js';
import { css, HOUR_RAMP } from '../style.js';
import { TEXTS } from '../texts.js';
import { HOURS, level, moved, outline, peakCells } from './grid.js';

/**
 * @typedef {object} HotTimes
 * @property {number} [incidents]
 * @property {number} [left_out]
 * @property {readonly (readonly number[])[]} [hours]
 * @property {boolean} [is_pattern]
 * @property {Peak | null} [peak]
 * @property {{readonly nl: string, readonly en: string}} [said]
 */

/** Hours are written under every sixth column. */
const EVERY = 6;

/**
 * @param {HotTimes} times
 * @param {Language} language
 */
export function hoursOfWeek(times, language) {
    const texts = TEXTS[language];
    const { hours, incidents = 0, left_out = 0 } = times;
    const parts = [element('p', 'panel-said', said(times, language))];
    if (hours !== undefined && incidents > 0) parts.push(grid(times, hours, language), legend(hours, times, language));
    if (left_out > 0) parts.push(element('p', 'hours-left', texts.hoursLeftOut(number(left_out, language), left_out === 1)));
    return element('div', 'hours', ...parts);
}

/**
 * @param {HotTimes} times
 * @param {Language} language
 */
function said({ said: sentence, is_pattern, peak }, language) {
    if (sentence !== undefined) return sentence[language];
    const texts = TEXTS[language];
    // Below the internal level the sentence is not told, but the peak is.
    if (is_pattern !== true || peak === null || peak === undefined) return texts.noPattern;
    return texts.peakSaid(clock(peak.start_hour), clock(peak.start_hour + peak.hours));
}

/** @param {number} hour */
export function clock(hour) {
    return `${String(hour % HOURS).padStart(2, '0')}:00`;
}

/**
 * A table in which one cell at a time can be reached with the keyboard.
 *
 * @param {HotTimes} times
 * @param {readonly (readonly number[])[]} hours
 * @param {Language} language
 */
function grid({ is_pattern, peak }, hours, language) {
    const texts = TEXTS[language];
    const peaks = is_pattern === true ? peakCells(peak) : new Set();
    const most = Math.max(...hours.flat());
    const readout = element('p', 'hours-readout', texts.hoursHint);
    readout.setAttribute('aria-hidden', 'true');
    const names = weekdays(language, 'short');
    const longNames = weekdays(language, 'long');
    const cells = hours.map((ofDay, day) =>
        ofDay.map((value, hour) => {
            const words = texts.hourSays(longNames[day] ?? '', clock(hour), clock(hour + 1), number(value, language, 1));
            const sides = outline(/** @type {Set<number>} */ (peaks), day, hour);
            return cell(value, { words, most, sides, isPeak: peaks.has(day * HOURS + hour) });
        }),
    );
    const rows = cells.map((ofDay, day) => {
        const head = element('th', '', names[day] ?? '');
        head.scope = 'row';
        head.abbr = longNames[day] ?? '';
        return element('tr', '', head, ...ofDay);
    });
    const made = element('table', 'hours-grid', element('caption', 'unseen', texts.hoursCaption), headOf(), element('tbody', '', ...rows));
    made.setAttribute('role', 'grid');
    walk(made, cells, readout);
    return element('div', 'hours-frame', made, readout);
}

function headOf() {
    const heads = Array.from({ length: HOURS }, (_, hour) => {
        const name = element('span', hour % EVERY === 0 ? '' : 'unseen', String(hour));
        const head = element('th', '', name);
        head.scope = 'col';
        return head;
    });
    return element('thead', '', element('tr', '', element('td', ''), ...heads));
}

/**
 * @param {number} value
 * @param {{words: string, most: number, sides: readonly string[], isPeak: boolean}} how
 */
function cell(value, { words, most, sides, isPeak }) {
    const step = level(value, most, HOUR_RAMP.length - 1);
    const made = element('td', isPeak ? `hour peak ${sides.join(' ')}` : 'hour', element('span', 'unseen', words));
    made.tabIndex = -1;
    made.dataset['says'] = words;
    made.dataset['level'] = String(step);
    made.style.backgroundColor = css(HOUR_RAMP[step] ?? [255, 255, 255]);
    return made;
}

/**
 * Say what the pointer or the focus is at; the arrow keys move the focus.
 *
 * @param {HTMLTableElement} table
 * @param {readonly (readonly HTMLTableCellElement[])[]} cells
 * @param {HTMLElement} readout
 */
function walk(table, cells, readout) {
    let at = { day: 0, hour: 0 };
    const first = cells[0]?.[0];
    if (first !== undefined) first.tabIndex = 0;
    const say = (/** @type {Event} */ { target }) => {
        const words = target instanceof Element ? target.closest('td')?.dataset['says'] : undefined;
        if (words !== undefined) readout.textContent = words;
    };
    table.addEventListener('pointerover', say);
    table.addEventListener('pointerdown', say);
    table.addEventListener('focusin', say);
    table.addEventListener('keydown', (event) => {
        const wanted = moved(event.key, at);
        const from = cells[at.day]?.[at.hour];
        const to = wanted === null ? undefined : cells[wanted.day]?.[wanted.hour];
        if (wanted === null || from === undefined || to === undefined) return;
        event.preventDefault();
        from.tabIndex = -1;
        to.tabIndex = 0;
        to.focus();
        at = wanted;
    });
}

/**
 * The ramp, drawn from the same array as the cells.
 *
 * @param {readonly (readonly number[])[]} hours
 * @param {HotTimes} times
 * @param {Language} language
 */
function legend(hours, { is_pattern, peak }, language) {
    const texts = TEXTS[language];
    const swatches = HOUR_RAMP.map((colour) => {
        const made = element('span', 'hours-swatch');
        made.style.backgroundColor = css(colour);
        return made;
    });
    const most = number(Math.max(...hours.flat()), language, 1);
    const made = element('p', 'hours-legend', '0', element('span', 'hours-ramp', ...swatches), texts.hoursMost(most));
    if (is_pattern === true && peak !== null && peak !== undefined) {
        made.append(element('span', 'hours-outline', element('span', 'hours-swatch outlined'), texts.hoursPeak));
    }
    return made;
}
