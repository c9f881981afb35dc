/** The filters on the page: they act on the list and on the map. */

/** @import {App, Part, View} from '../types.d.ts' */
import { remember } from '../memory.js';
import { Filters } from './filters.js';

/**
 * @param {App} app
 * @param {(area: string) => void} fly told which area to look at
 * @returns {Part}
 */
export function filtersPart(app, fly) {
    const filters = new Filters((changes) => choose(app, changes, fly), (term) => app.explain(term));
    app.page.choices.append(filters.element);
    return { show: (shown) => filters.show(shown) };
}

/**
 * @param {App} app
 * @param {Partial<View>} changes
 * @param {(area: string) => void} fly
 */
function choose(app, changes, fly) {
    if (changes.area !== undefined) remember('area', changes.area);
    app.change(changes);
    // The panel of a hotspot that no longer passes would stand beside a list without it.
    const { chosen, selection } = app.shown() ?? {};
    if (chosen !== null && chosen !== undefined && selection?.rows.every(({ hotspot }) => hotspot !== chosen.row.hotspot)) {
        app.change({ hotspot: null }, { replace: true });
    }
    if (changes.area !== undefined && changes.area !== null) fly(changes.area);
}
