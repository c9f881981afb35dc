/** What is shown, laid out for A4: the map as a picture, the legend, and the list as a table. */

/** @import {Row, Shown, ThemeGroup} from '../types.d.ts' */
import { element } from '../element.js';
import { expectedCount, moment, number, period, times } from '../format.js';
import { placeName } from '../groups.js';
import { badge } from '../marks/marks.js';
import { leftOut } from '../session/level.js';
import { TEXTS } from '../texts.js';
import { filterWords } from '../toolbar/words.js';
import { weekTitle } from '../weeks/name.js';

/**
 * @param {Shown} shown
 * @param {{picture: string | null, legend: Element | null, now: Date}} drawn
 */
export function sheet(shown, { picture, legend, now }) {
    const { language, week, selection } = shown;
    const texts = TEXTS[language];
    const { ranking } = week;
    const days = period(ranking.window_start, ranking.window_end, language);
    const head = element(
        'header',
        'sheet-head',
        element('h1', '', `${texts.title} · ${ranking.municipality.name}`),
        element('p', 'sheet-week', element('strong', '', weekTitle(ranking.week, language)), ` ${texts.lookedAt(days)}`),
        element('p', '', `${texts.printFilters} ${filterWords(shown)}`),
    );
    const made = element('div', 'sheet', head);
    if (picture !== null) made.append(figure(picture, texts.map));
    made.append(element('h2', '', texts.resultsOf(number(selection.rows.length, language), number(selection.total, language))));
    made.append(...tables(shown));
    const legendCopy = legend?.cloneNode(true);
    if (legendCopy instanceof Element) {
        legendCopy.setAttribute('open', '');
        made.append(element('section', 'sheet-legend', legendCopy));
    }
    made.append(element('footer', 'sheet-foot', ...sources(shown, now).map((line) => element('p', '', line))));
    return made;
}

/**
 * @param {string} picture
 * @param {string} alt
 */
function figure(picture, alt) {
    const image = element('img', '');
    image.src = picture;
    image.alt = alt;
    return element('figure', 'sheet-map', image);
}

/**
 * The hotspots of all themes in one table, and under it the themes without any.
 *
 * @param {Shown} shown
 */
function tables({ language, selection }) {
    const texts = TEXTS[language];
    const names = ['', texts.printPlace, texts.printWhat, texts.observed, texts.expected, texts.printTimes, texts.whatChanged];
    const head = element('tr', '', ...names.map((name) => element('th', '', name)));
    for (const cell of head.children) cell.setAttribute('scope', 'col');
    const full = selection.groups.filter(({ rows }) => rows.length > 0);
    const bodies = full.map((group) => element('tbody', '', theme(group, names.length), ...group.rows.map((row) => line(row, language))));
    const without = (/** @type {boolean} */ isUnsure) =>
        selection.groups
            .filter(({ rows, outcome }) => rows.length === 0 && (outcome.state === 'not_enough_data') === isUnsure)
            .map(({ label }) => label)
            .join(', ');
    const [none, unsure] = [without(false), without(true)];
    return [
        ...(full.length === 0 ? [] : [element('table', '', element('thead', '', head), ...bodies)]),
        ...(none === '' ? [] : [element('p', '', `${texts.printNone} ${none}.`)]),
        ...(unsure === '' ? [] : [element('p', '', `${texts.notEnough}: ${unsure}.`)]),
    ];
}

/**
 * @param {ThemeGroup} group
 * @param {number} columns
 */
function theme({ label }, columns) {
    const cell = element('th', 'sheet-theme', label);
    cell.colSpan = columns;
    cell.setAttribute('scope', 'rowgroup');
    return element('tr', '', cell);
}

/**
 * @param {Row} row
 * @param {Shown['language']} language
 */
function line(row, language) {
    return element('tr', '', ...cells(row, language).map((cell) => element('td', '', cell)));
}

/**
 * @param {Row} row
 * @param {Shown['language']} language
 * @returns {(Node | string)[]}
 */
function cells(row, language) {
    const { hotspot } = row;
    const texts = TEXTS[language];
    return [
        badge(row),
        placeName(hotspot, language),
        `${texts.kindWords[hotspot.kind]}, ${texts.grades[hotspot.grade]}`,
        hotspot.observed === null ? '–' : number(hotspot.observed, language),
        expectedCount(hotspot.expected, language),
        times(hotspot.relative_risk, language),
        change(row, language),
    ];
}

/**
 * Against the week before, in words.
 *
 * @param {Row} row
 * @param {Shown['language']} language
 */
function change({ hotspot: { event, rank, previous_rank } }, language) {
    const texts = TEXTS[language];
    if (event === 'new') return texts.isNew;
    if (event === 'returned') return texts.isBack;
    if (previous_rank === null) return '–';
    if (previous_rank === rank) return texts.printSame;
    return previous_rank > rank ? texts.up(previous_rank - rank) : texts.down(rank - previous_rank);
}

/**
 * @param {Shown} shown
 * @param {Date} now
 */
function sources({ language, week, me }, now) {
    const texts = TEXTS[language];
    const { as_of, published_at, edition, boundaries, level } = week.ranking;
    const less = leftOut(level === undefined ? null : { ...week.ranking.disclosure, level }, me, language);
    return [
        ...(as_of === undefined || as_of === null ? [] : [texts.printAsOf(moment(as_of, language))]),
        texts.published(moment(published_at, language), edition),
        less === null ? `${texts.levels[level ?? 'internal']}.` : `${less.title} ${less.text}`,
        ...(boundaries.schematic ? [texts.schematic] : []),
        texts.boundaries(boundaries.source, boundaries.vintage),
        texts.printed(moment(now.toISOString(), language)),
    ];
}
