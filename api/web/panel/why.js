/** Why a place is a hotspot, and how sure that is, in words. */

/** @import {Row} from '../types.d.ts' */
/** @import {Context, Evidence} from './types.js' */
import { element } from '../element.js';
import { expectedCount, number } from '../format.js';
import { TEXTS } from '../texts.js';

/**
 * The two sentences of the list; of an early edition, which has none, in our own.
 *
 * @param {Evidence} evidence
 * @param {Context} context
 */
export function why(evidence, context) {
    const { language } = context;
    const texts = TEXTS[language];
    const told = evidence.why?.[language] ?? [];
    const said = told.length > 0 ? told : ownWords(evidence, context);
    const lines = said.map((sentence) => element('li', '', sentence));
    return [element('h3', '', texts.why), element('ul', 'panel-why', ...lines)];
}

/**
 * @param {Evidence} evidence
 * @param {Context} context
 */
function ownWords(evidence, { language, ranking, compared }) {
    const texts = TEXTS[language];
    const { kind, observed, expected, baseline, places, previous_rank } = evidence;
    if (observed === undefined) return [texts.whyUntold];
    const isChronic = kind === 'chronic';
    const counted = isChronic ? texts.countsAround : texts.counts;
    const said = [counted(number(observed, language), expectedCount(expected ?? null, language))];
    const chance = byChance(evidence, ranking.parameters['replicates'], language);
    if (chance !== null) said.push(chance);
    if (baseline !== undefined) {
        const beside = isChronic ? texts.around : texts.baseline;
        said.push(beside(texts.incidents(number(baseline, language))));
    }
    if (places !== undefined) said.push(texts.places(number(places, language)));
    if (compared && previous_rank === null) said.push(texts.isNewLong);
    if (compared && previous_rank != null) said.push(isChronic ? texts.lastingLong : texts.wasRank(previous_rank));
    return said;
}

/**
 * @param {Evidence} evidence
 * @param {number | undefined} replicates
 * @param {import('../types.d.ts').Language} language
 */
function byChance({ recurrence_weeks, p_value }, replicates, language) {
    if (recurrence_weeks == null || p_value == null) return null;
    const texts = TEXTS[language];
    // No replicate was as extreme: the search cannot tell how much rarer it is.
    const isLeast = replicates !== undefined && p_value <= 1.0001 / (replicates + 1);
    return (isLeast ? texts.chanceAtLeast : texts.chance)(number(Math.round(recurrence_weeks), language));
}

/**
 * What its kind and its grade mean, the error rate included, and what its form is.
 *
 * @param {Pick<Row['hotspot'], 'kind' | 'grade' | 'form'>} hotspot
 * @param {Context} context
 */
export function judged({ kind, grade, form }, { language, ranking }) {
    const texts = TEXTS[language];
    const shape = form === null || form === undefined ? undefined : texts.formsWhy[form];
    const said = [ranking.grades?.[grade][language], ranking.kinds?.[kind][language], shape];
    const lines = said.filter((one) => one !== undefined).map((one) => element('li', '', one));
    return lines.length === 0 ? [] : [element('h3', '', texts.howSure), element('ul', 'panel-evidence', ...lines)];
}
