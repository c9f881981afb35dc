/** What stands where there is no row: each says honestly why. */

/** @import {Gone, Language, Ranking, ThemeGroup} from '../types.d.ts' */
import { button, element } from '../element.js';
import { number } from '../format.js';
import { labelOf } from '../groups.js';
import { TEXTS } from '../texts.js';

/**
 * A theme without hotspots: that is a result, or there were too few data to say.
 *
 * @param {ThemeGroup} group
 * @param {Language} language
 */
export function nothing({ outcome }, language) {
    const texts = TEXTS[language];
    const count = number(outcome.window_incidents, language);
    const before = number(outcome.baseline_incidents, language);
    if (outcome.state !== 'not_enough_data') {
        return element(
            'div',
            'empty',
            element('p', 'empty-title', texts.noHotspots),
            element('p', 'empty-why', texts.noHotspotsWhy(count)),
        );
    }
    return element(
        'div',
        'empty empty-unsure',
        element('p', 'empty-title', texts.notEnough),
        // Where dates are too coarse to count by week there are no counts to show.
        ...(outcome.window_weeks === 0 && outcome.reason !== null
            ? []
            : [element('p', 'empty-why', texts.notEnoughWhy(count, before))]),
        ...(outcome.reason === null ? [] : [element('p', 'empty-reason', outcome.reason[language])]),
    );
}

/**
 * There are hotspots, but none passes the filters.
 *
 * @param {number} total how many there are
 * @param {{language: Language, isUnchanged: boolean, clear: () => void}} how `isUnchanged`: only what changed is asked for, and
 *     nothing else
 */
export function noneLeft(total, { language, isUnchanged, clear }) {
    const texts = TEXTS[language];
    return element(
        'div',
        'empty',
        element('p', 'empty-title', texts.noneLeft),
        element('p', 'empty-why', isUnchanged ? texts.noneChanged : texts.noneLeftWhy(total)),
        button('remedy', clear, texts.clearAll),
    );
}

/**
 * What was listed last week, and no longer.
 *
 * @param {readonly Gone[]} gone
 * @param {{language: Language, ranking: Ranking}} how
 */
export function goneLines(gone, { language, ranking }) {
    const texts = TEXTS[language];
    const lines = gone.map((one) => {
        const was = texts.goneWas(labelOf(one.theme, language, ranking.labels[one.theme]), one.rank);
        const why = one.into === null ? was : `${was}; ${texts.goneInto}`;
        const name = element('span', 'gone-name', one.neighbourhood_name ?? texts.nowhere);
        return element('li', 'gone', name, element('span', 'gone-was', why));
    });
    return element('section', 'ranking-group', element('h2', 'ranking-theme', texts.goneTitle), element('ul', 'gone-list', ...lines));
}
