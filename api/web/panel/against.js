/** Counted against expected, the interval of the ratio, and the rank with its own. */

/** @import {Colour, Language} from '../types.d.ts' */
import { element } from '../element.js';
import { expectedCount, number, times } from '../format.js';
import { css } from '../style.js';
import { drawn } from '../svg.js';
import { TEXTS } from '../texts.js';
import { at, interval, ticks } from './scale.js';

const WIDTH = 300;

/**
 * @typedef {object} Counted
 * @property {number | null | undefined} [observed]
 * @property {number | null | undefined} [expected]
 * @property {number | null | undefined} [relative_risk]
 * @property {number | null | undefined} [relative_risk_lower]
 * @property {number | null | undefined} [relative_risk_upper]
 */

/**
 * Counted and expected as two bars on one scale, and under them how sure the ratio is.
 *
 * @param {Counted} counted
 * @param {Colour} colour
 * @param {Language} language
 */
export function against(counted, colour, language) {
    const { observed = null, expected = null, relative_risk = null } = counted;
    if (observed === null) return [];
    const texts = TEXTS[language];
    const most = Math.max(observed, expected ?? 0, 1);
    const ratio = relative_risk === null ? texts.unexpected : texts.timesExpected(times(relative_risk, language));
    const lines = [
        ...line(texts.observed, observed / most, number(observed, language), css(colour)),
        ...(expected === null ? [] : line(texts.expected, expected / most, expectedCount(expected, language), 'var(--quiet)')),
    ];
    return [
        element(
            'div',
            'compare',
            element('p', 'compare-times', ratio),
            element('dl', '', ...lines),
            ...sureness(counted, colour, language),
        ),
    ];
}

/**
 * @param {string} name
 * @param {number} share of the longest bar
 * @param {string} shown
 * @param {string} paint
 */
function line(name, share, shown, paint) {
    const filled = element('span', 'compare-bar');
    filled.style.width = `${100 * share}%`;
    filled.style.backgroundColor = paint;
    return [element('dt', '', name), element('dd', '', element('span', 'compare-track', filled), shown)];
}

/**
 * The interval of the ratio on a scale of its own, with the place where nothing is unusual.
 *
 * @param {Counted} counted
 * @param {Colour} colour
 * @param {Language} language
 */
function sureness({ relative_risk, relative_risk_lower, relative_risk_upper }, colour, language) {
    const texts = TEXTS[language];
    if (relative_risk == null || relative_risk_lower == null || relative_risk_upper == null) return [];
    const said = texts.ratioInterval(times(relative_risk_lower, language), times(relative_risk_upper, language));
    const scale = { most: Math.max(relative_risk_upper, 1) * 1.06, width: WIDTH };
    const { left, right } = interval(relative_risk_lower, relative_risk_upper, scale);
    const picture = drawn('svg', { viewBox: `0 0 ${WIDTH} 40`, class: 'whisker', 'aria-hidden': 'true' });
    picture.append(
        drawn('line', { class: 'whisker-base', x1: 0, x2: WIDTH, y1: 14, y2: 14 }),
        ...ticks(scale.most).flatMap((value) => tick(at(value, scale), times(value, language), value === 1)),
        drawn('line', { class: 'whisker-reach', x1: left, x2: right, y1: 14, y2: 14 }),
        ...[left, right].map((x) => drawn('line', { class: 'whisker-end', x1: x, x2: x, y1: 8, y2: 20 })),
        drawn('circle', { class: 'whisker-point', cx: at(relative_risk, scale), cy: 14, r: 5, fill: css(colour) }),
    );
    return [picture, element('p', 'compare-said', said)];
}

/**
 * @param {number} x
 * @param {string} text
 * @param {boolean} isUsual
 */
function tick(x, text, isUsual) {
    return [
        drawn('line', { class: isUsual ? 'whisker-usual' : 'whisker-tick', x1: x, x2: x, y1: isUsual ? 4 : 14, y2: 24 }),
        drawn('text', { class: 'whisker-name', x, y: 36, 'text-anchor': 'middle' }, text),
    ];
}

/**
 * The rank among those of its kind and grade, with the interval in which it lies.
 *
 * @param {{rank: number, rank_lower?: number | null | undefined, rank_upper?: number | null | undefined, too_little_data?: boolean | null | undefined}} ranked
 * @param {number} last rank of the last of its theme
 * @param {Colour} colour
 * @param {Language} language
 */
export function rankBar({ rank, rank_lower, rank_upper, too_little_data }, last, colour, language) {
    const texts = TEXTS[language];
    if (rank_lower == null || rank_upper == null) return [];
    const said = texts.rankSaid(number(rank, language), number(rank_lower, language), number(rank_upper, language), rank_lower === rank_upper);
    const count = Math.max(last, rank_upper, rank, 2);
    const step = WIDTH / count;
    const middle = (/** @type {number} */ place) => (place - 0.5) * step;
    const picture = drawn('svg', { viewBox: `0 0 ${WIDTH} 40`, class: 'whisker rank-bar', 'aria-hidden': 'true' });
    const names = [...new Set([1, rank, count])];
    picture.append(
        drawn('rect', { class: 'rank-track', x: 0, y: 9, width: WIDTH, height: 10, rx: 5 }),
        drawn('rect', {
            class: 'rank-reach',
            x: middle(rank_lower) - step * 0.4,
            y: 9,
            width: (rank_upper - rank_lower + 0.8) * step,
            height: 10,
            rx: 5,
        }),
        drawn('circle', { class: 'whisker-point', cx: middle(rank), cy: 14, r: 6, fill: css(colour) }),
        ...names.map((place) => drawn('text', { class: 'whisker-name', x: middle(place), y: 36, 'text-anchor': 'middle' }, number(place, language))),
    );
    const unsure = too_little_data === true ? [element('p', 'panel-said', `${texts.rankUnsure}.`)] : [];
    return [element('h3', '', texts.rankTitle), picture, element('p', 'panel-said', said), ...unsure];
}
