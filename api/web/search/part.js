/** The search field on the page. */

/** @import {App, Part, Shown} from '../types.d.ts' */
import { remember } from '../memory.js';
import { find } from './find.js';
import { Search } from './search.js';

/**
 * @param {App} app
 * @param {(area: string) => void} fly told which area to look at
 * @returns {Part}
 */
export function searchPart(app, fly) {
    const search = new Search(
        (text) => {
            const shown = app.shown();
            return shown === null ? [] : find(text, among(shown));
        },
        ({ kind, id }) => {
            if (kind === 'hotspot') {
                app.open(id);
                return;
            }
            remember('area', id);
            app.change({ area: id, hotspot: null });
            fly(id);
        },
    );
    app.page.choices.append(search.element);
    return { show: ({ language }) => search.show(language) };
}

/** @param {Shown} shown */
function among({ areas, districts, selection }) {
    return { neighbourhoods: areas.map(({ properties }) => properties), districts, entries: selection.all.values() };
}
