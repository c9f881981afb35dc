/** The areas that can be chosen: mine first, then districts, then neighbourhoods. */

/** @import {AreaName, Shown} from '../types.d.ts' */
/** @import {OptionGroup} from './choice.js' */
import { codes, together } from '../selection.js';
import { TEXTS } from '../texts.js';

/** @typedef {Pick<Shown, 'areas' | 'districts' | 'me' | 'language' | 'view'>} Known */

/**
 * @param {Known} known
 * @returns {OptionGroup[]}
 */
export function areaGroups({ areas, districts, me, language, view }) {
    const texts = TEXTS[language];
    const mine = (me?.areas ?? []).map(({ code }) => code);
    const first = [{ value: null, text: texts.wholeArea }];
    const own = mine.length === 0 ? [] : [{ value: together(mine), text: texts.myAreas }];
    const neighbourhoods = areas.map(({ properties }) => properties);
    const groups = [
        { options: [...own, ...first] },
        { label: texts.districts, options: sorted(districts) },
        { label: texts.areaNeighbourhoods, options: sorted(neighbourhoods) },
    ].filter(({ options }) => options.length > 0);
    const chosen = codes(view.area);
    // A link may hold the areas of a colleague.
    if (chosen.length > 1 && together(chosen) !== together(mine)) {
        groups[0]?.options.push({ value: view.area, text: texts.severalAreas(chosen.length) });
    }
    return groups;
}

/**
 * The chosen area as people read it.
 *
 * @param {Known} known
 */
export function areaLabel({ areas, districts, me, language, view }) {
    const texts = TEXTS[language];
    const chosen = codes(view.area);
    const mine = (me?.areas ?? []).map(({ code }) => code);
    if (mine.length > 0 && together(chosen) === together(mine)) return texts.myAreas;
    const [only = ''] = chosen;
    if (chosen.length > 1) return texts.severalAreas(chosen.length);
    const all = [...areas.map(({ properties }) => properties), ...districts];
    return all.find(({ code }) => code === only)?.name ?? only;
}

/**
 * @param {readonly AreaName[]} named
 * @returns {{value: string | null, text: string}[]}
 */
function sorted(named) {
    return named
        .map(({ code, name }) => ({ value: code, text: name }))
        .sort((one, other) => one.text.localeCompare(other.text));
}
