/** The year: incidents by week with the weeks in the list, and the four-week steps that the lifecycle rests on. */

/** @import {Context, Detail, LifecycleSteps} from './types.js' */
/** @import {Mark} from '../sparkline/geometry.js' */
/** @import {Course} from '../sparkline/sparkline.js' */
import { element } from '../element.js';
import { number, period, mondayOf, sundayOf, weeksUpTo } from '../format.js';
import { sparkline } from '../sparkline/sparkline.js';
import { TEXTS } from '../texts.js';

/**
 * First and last column of the window among the weeks; what began before them begins with the first.
 *
 * @param {number} count weeks that are shown
 * @param {number} window_weeks
 * @returns {readonly [number, number]}
 */
export function shaded(count, window_weeks) {
    return [Math.max(0, count - window_weeks), count - 1];
}

/**
 * @param {Detail} detail
 * @param {Context} context
 */
export function year(detail, context) {
    const { evidence, history: past } = detail;
    const counts = evidence.weekly_counts;
    if (counts === null || counts === undefined || counts.length === 0) return [];
    const { language } = context;
    const texts = TEXTS[language];
    const weeks = weeksUpTo(evidence.week, counts.length);
    const listed = new Set(past.map(({ week }) => week));
    const days = weeks.map((week) => period(mondayOf(week), sundayOf(week), language));
    const named = weeks.map((week) => texts.weekShort(String(Number(week.slice(6))), week.slice(0, 4)));
    const short = weeks.map((week) => texts.weekTitle(String(Number(week.slice(6)))));
    const amounts = counts.map((count) => texts.incidents(number(count, language)));
    const window = shaded(counts.length, evidence.window_weeks ?? 0);
    const inList = (/** @type {string} */ week) => (listed.has(week) ? texts.listed : '');
    /** @type {Course} */
    const course = {
        values: counts,
        marks: weeks.map((week) => (listed.has(week) ? 'listed' : null)),
        shaded: (evidence.window_weeks ?? 0) === 0 ? null : window,
        expected: null,
        says: weeks.map((week, place) =>
            [`${short[place]}, ${days[place]}: ${amounts[place]}`, inList(week)].filter((part) => part !== '').join(', '),
        ),
        label: texts.yearLabel(number(counts.length, language)),
        ends: [named[0] ?? '', named.at(-1) ?? ''],
        count: (value) => number(value, language),
        legend: [
            { sign: 'listed', text: texts.listedLegend },
            { sign: 'window', text: texts.windowLegend(number(evidence.window_weeks ?? 0, language)) },
        ],
        table: {
            summary: texts.asTable,
            heads: [texts.week, texts.observed, texts.listedLegend],
            rows: weeks
                .map((week, place) => [named[place] ?? '', number(counts[place] ?? 0, language), listed.has(week) ? texts.yes : ''])
                .reverse(),
        },
    };
    const total = counts.reduce((sum, count) => sum + count, 0);
    const said = texts.yearSaid(texts.incidents(number(total, language)), number(counts.length, language));
    return [element('h3', '', texts.yearTitle), element('p', 'panel-said', said), sparkline(course)];
}

/**
 * @param {Detail} detail
 * @param {Context} context
 */
export function lifecycle({ evidence }, context) {
    const { language } = context;
    const texts = TEXTS[language];
    const name = evidence.lifecycle;
    if (name === null || name === undefined || !isKnown(name)) return [];
    const word = element('strong', '', texts.lifecycles[name]);
    const parts = [element('h3', '', texts.lifecycle), element('p', 'panel-said', word, ': ', lowered(texts.lifecyclesWhy[name]))];
    const steps = evidence.lifecycle_steps;
    if (steps?.counts === undefined || steps.expected === undefined || steps.hot === undefined) return parts;
    if (steps.trend !== undefined && steps.trend !== 'none') parts.push(element('p', 'panel-said', texts.trends[steps.trend]));
    return [...parts, sparkline(stepsCourse(/** @type {LifecycleSteps} */ (steps), evidence.week, context))];
}

/** @param {string} sentence that follows a colon */
function lowered(sentence) {
    return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/**
 * @param {string} name
 * @returns {name is keyof typeof TEXTS.nl.lifecyclesWhy}
 */
function isKnown(name) {
    return name in TEXTS.nl.lifecyclesWhy;
}

/** @param {number} state @returns {Mark | null} */
function markOf(state) {
    if (state === 0) return null;
    return state > 0 ? 'hot' : 'cold';
}

/**
 * @param {LifecycleSteps} steps
 * @param {string} last week
 * @param {Context} context
 * @returns {Course}
 */
function stepsCourse({ counts, expected, hot, weeks: length }, last, { language }) {
    const texts = TEXTS[language];
    const weeks = weeksUpTo(last, counts.length * length);
    const spans = counts.map((_, place) => {
        const [first = last, final = last] = [weeks[place * length], weeks[place * length + length - 1]];
        return period(mondayOf(first), sundayOf(final), language);
    });
    const hotWords = counts.map((_, place) => ({ '1': lowered(texts.stepHot), '-1': lowered(texts.stepCold) })[String(hot[place] ?? 0)] ?? '');
    const usual = expected.map((value) => number(value, language, 1));
    return {
        values: counts,
        marks: counts.map((_, place) => markOf(hot[place] ?? 0)),
        shaded: null,
        expected,
        says: counts.map((count, place) =>
            [`${spans[place]}: ${texts.incidents(number(count, language))}, ${texts.expectedCount(usual[place] ?? '')}`, hotWords[place]]
                .filter((part) => part !== '')
                .join(', '),
        ),
        label: texts.stepsLabel(number(counts.length, language), number(length, language)),
        ends: [spans[0] ?? '', spans.at(-1) ?? ''],
        count: (value) => number(value, language),
        legend: [
            { sign: 'hot', text: texts.stepHot },
            ...(hot.includes(-1) ? [/** @type {const} */ ({ sign: 'cold', text: texts.stepCold })] : []),
            { sign: 'expected', text: texts.expected },
        ],
        table: {
            summary: texts.asTable,
            heads: [texts.stepHead, texts.observed, texts.expected, ''],
            rows: counts
                .map((count, place) => [spans[place] ?? '', number(count, language), usual[place] ?? '', hotWords[place] ?? ''])
                .reverse(),
        },
    };
}
