/** The filters that are on, in words. Pure. */

/** @import {Shown} from '../types.d.ts' */
import { codes } from '../selection.js';
import { TEXTS } from '../texts.js';

/** @param {Pick<Shown, 'view' | 'language' | 'week' | 'areas' | 'districts'>} shown */
export function filterWords({ view, language, week, areas, districts }) {
    const texts = TEXTS[language];
    const names = new Map([...districts, ...areas.map(({ properties }) => properties)].map(({ code, name }) => [code, name]));
    const { labels } = week.ranking;
    const all = [
        view.theme === null ? null : (labels[view.theme]?.[language] ?? view.theme),
        view.area === null ? null : codes(view.area).map((code) => names.get(code) ?? code).join(', '),
        view.lifecycle === null ? null : lifecycleName(view.lifecycle, texts.lifecycles),
        view.changed ? texts.onlyChanged.toLowerCase() : null,
    ].filter((one) => one !== null);
    return all.length === 0 ? texts.noFilters : all.join(' · ');
}

/**
 * @param {string} lifecycle
 * @param {Readonly<Record<string, string>>} names
 */
function lifecycleName(lifecycle, names) {
    return names[lifecycle] ?? lifecycle;
}
