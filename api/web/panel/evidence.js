/** What the hotspot rests on, in plain words, and what to beware of. */

/** @import {Context, Evidence} from './types.js' */
import { button, element } from '../element.js';
import { expectedCount, number, percentage, pValue, times } from '../format.js';
import { labelOf } from '../groups.js';
import { TEXTS } from '../texts.js';

/**
 * @param {Evidence} evidence
 * @param {Context} context
 * @param {(id: string) => void} open told which hotspot nearby was chosen
 */
export function evidenceLines(evidence, context, open) {
    const texts = TEXTS[context.language];
    const lines = [
        ...chance(evidence, context),
        ...origin(evidence, context),
        ...quality(evidence, context),
    ];
    const parts = [];
    if (lines.length > 0) {
        const terms = lines.flatMap(([name, said]) => [element('dt', '', name), element('dd', '', said)]);
        parts.push(element('h3', '', texts.evidence), element('dl', 'evidence', ...terms));
    }
    return [...parts, ...nearby(evidence, context, open)];
}

/** @typedef {[name: string, said: string]} Line */

/**
 * @param {Evidence} evidence
 * @param {Context} context
 * @returns {Line[]}
 */
function chance({ relative_risk, relative_risk_lower, relative_risk_upper, p_value, recurrence_years }, { language }) {
    const texts = TEXTS[language];
    /** @type {Line[]} */
    const lines = [];
    if (relative_risk != null) {
        const between =
            relative_risk_lower == null || relative_risk_upper == null
                ? ''
                : ` (${texts.interval95(times(relative_risk_lower, language), times(relative_risk_upper, language))})`;
        lines.push([texts.evidenceRatio, `${times(relative_risk, language)}${between}`]);
    }
    if (p_value != null) lines.push([texts.evidenceChance, texts.evidenceP(texts.pValue(pValue(p_value, language)))]);
    if (recurrence_years != null) lines.push([texts.evidenceRecurrence, recurrence(recurrence_years, language)]);
    return lines;
}

/** From so many years on nobody needs the number. */
const LONG_YEARS = 100;

/**
 * How seldom chance brings such a hotspot, in words.
 *
 * @param {number} years
 * @param {import('../types.d.ts').Language} language
 */
export function recurrence(years, language) {
    const texts = TEXTS[language];
    if (years >= LONG_YEARS) return texts.recurrenceLong(number(LONG_YEARS, language));
    if (years >= 2) return texts.recurrenceYears(number(years, language));
    return texts.recurrenceWeeks(number(Math.max(1, Math.round(years * 52.18)), language));
}

/**
 * @param {Evidence} evidence
 * @param {Context} context
 * @returns {Line[]}
 */
function origin({ places, largest_pile_up, repeat_share, sources, near_repeats }, { language }) {
    const texts = TEXTS[language];
    /** @type {Line[]} */
    const lines = [];
    if (places !== undefined) {
        const most = largest_pile_up === undefined ? '' : `; ${texts.evidenceMost(number(largest_pile_up, language))}`;
        lines.push([texts.evidencePlaces, `${texts.placesCount(number(places, language), places === 1)}${most}`]);
    }
    if (repeat_share != null) lines.push([texts.evidenceRepeats, texts.evidenceRepeatsSaid(percentage(repeat_share, language))]);
    if (sources != null) lines.push([texts.evidenceSources, sourcesSaid(sources, language)]);
    if (near_repeats != null) {
        const { pairs, expected } = near_repeats;
        const against = expected === null ? '' : `, ${texts.expectedCount(expectedCount(expected, language))}`;
        lines.push([texts.evidenceNear, `${texts.evidencePairs(number(pairs, language), pairs === 1)}${against}`]);
    }
    return lines;
}

/**
 * @param {{citizen: number, police: number, unknown: number}} sources
 * @param {import('../types.d.ts').Language} language
 */
function sourcesSaid({ citizen, police, unknown }, language) {
    const texts = TEXTS[language];
    const parts = [texts.byCitizens(number(citizen, language)), texts.byPolice(number(police, language))];
    if (unknown > 0) parts.push(texts.byUnknown(number(unknown, language)));
    return parts.join(', ');
}

/**
 * @param {Evidence} evidence
 * @param {Context} context
 * @returns {Line[]}
 */
function quality({ geocoding, sources }, { language }) {
    if (geocoding == null) return [];
    const texts = TEXTS[language];
    const all = sources == null ? null : sources.citizen + sources.police + sources.unknown;
    const of = (/** @type {number} */ n) => (all === null ? number(n, language) : texts.ofAll(number(n, language), number(all, language)));
    const parts = [texts.precise(of(geocoding.precise)), texts.toMinute(of(geocoding.dated_to_minute))];
    if (geocoding.stated_area_known > 0) {
        const agreeing = texts.ofAll(number(geocoding.stated_area_agrees, language), number(geocoding.stated_area_known, language));
        parts.push(texts.areaAgrees(agreeing));
    }
    return [[texts.evidenceQuality, parts.join('; ')]];
}

/**
 * @param {Evidence} evidence
 * @param {Context} context
 * @param {(id: string) => void} open
 */
function nearby({ nearby: others }, { language, nameOf, ranking }, open) {
    if (others == null || others.length === 0) return [];
    const texts = TEXTS[language];
    const lines = others.map(({ id, distance_m, theme }) => {
        const name = nameOf(id) ?? `${labelOf(theme, language, ranking.labels[theme])}, ${id}`;
        const away = distance_m < 1 ? texts.touching : texts.metresAway(number(Math.round(distance_m / 10) * 10, language));
        return element('li', '', button('nearby', () => open(id), name), element('span', 'figure-quiet', away));
    });
    return [element('h3', '', texts.nearby), element('ul', 'panel-lines', ...lines)];
}

/**
 * What to think of before going there, the pile with its numbers.
 *
 * @param {{caveats?: readonly import('../types.d.ts').Caveat[] | null | undefined, pile_up?: boolean | undefined, largest_pile_up?: number | undefined, observed?: number | null | undefined}} evidence
 * @param {import('../types.d.ts').Language} language
 */
export function caveats({ caveats: known, pile_up, largest_pile_up, observed }, language) {
    const texts = TEXTS[language];
    const isPile = pile_up === true && largest_pile_up !== undefined && observed != null;
    const others = (known ?? []).filter((caveat) => caveat !== 'pile_up' || !isPile);
    const boxes = [];
    if (isPile) {
        const why = texts.pileUpWhy(number(largest_pile_up, language), number(observed, language));
        boxes.push(element('div', 'panel-mind', element('strong', '', texts.pileUp), element('p', '', why)));
    }
    if (others.length > 0) {
        const lines = others.map((caveat) => element('p', '', texts.caveats[caveat]));
        boxes.push(element('div', 'panel-mind', element('strong', '', texts.mind), ...lines));
    }
    return boxes;
}
