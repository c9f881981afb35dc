/** Which hotspots of a week pass the filters. Pure: the list and the map are told the same. */

/** @import {Area, Edition, Entry, Feature, FilterName, Gone, Hotspot, Language, Selection, ThemeGroup, View, Week} from './types.d.ts' */
import { weekBefore } from './format.js';
import { groups } from './groups.js';

/** Between the codes of several areas in a view. */
const BETWEEN = ',';

/** @typedef {{language: Language, areas: readonly Feature<Area>[]}} How */

/** Selects, and gives the same selection for the same question: what is drawn of it is not drawn again. */
export class Selector {
    /** @type {unknown[]} */
    #asked = [];
    /** @type {Selection | null} */
    #last = null;

    /**
     * @param {Week} week
     * @param {View} view
     * @param {How} how
     * @returns {Selection}
     */
    select(week, view, how) {
        const { theme, area, lifecycle, changed } = view;
        const asked = [week, theme, area, lifecycle, changed, how.language, how.areas];
        if (this.#last === null || asked.some((one, place) => one !== this.#asked[place])) {
            this.#asked = asked;
            this.#last = selected(week, view, how);
        }
        return this.#last;
    }
}

/**
 * @param {Week} week
 * @param {View} view
 * @param {How} how `areas`: all neighbourhoods, which know their districts
 * @returns {Selection}
 */
export function selected(week, view, { language, areas }) {
    const everything = groups(week, null, language);
    // A theme that this week does not have is no choice.
    const theme = everything.some((group) => group.theme === view.theme) ? view.theme : null;
    const passes = passing(view);
    const asked = theme === null ? everything : groups(week, theme, language);
    const shown = asked.map((group) => kept(group, passes));
    const rows = shown.flatMap((group) => group.rows);
    const on = filtersOn({ ...view, theme });
    return {
        groups: shown,
        themes: everything.map((group) => kept(group, passes)),
        rows,
        all: entries(asked, everything),
        gone: gone(week, { view, theme, areas }),
        total: week.hotspots.length,
        on,
    };
}

/**
 * Filters that are on.
 *
 * @param {Pick<View, 'theme' | 'area' | 'lifecycle' | 'changed'>} view
 * @returns {FilterName[]}
 */
export function filtersOn({ theme, area, lifecycle, changed }) {
    /** @type {[FilterName, boolean][]} */
    const filters = [
        ['theme', theme !== null],
        ['area', area !== null],
        ['lifecycle', lifecycle !== null],
        ['changed', changed],
    ];
    return filters.flatMap(([name, isOn]) => (isOn ? [name] : []));
}

/**
 * Codes of the chosen areas; none where nothing is chosen.
 *
 * @param {string | null} area as the view holds it
 */
export function codes(area) {
    return area === null ? [] : area.split(BETWEEN);
}

/**
 * The same areas in the same order are the same choice.
 *
 * @param {readonly string[]} all
 */
export function together(all) {
    return [...all].sort().join(BETWEEN);
}

/**
 * The neighbourhoods of the chosen areas, a district being all of its neighbourhoods.
 *
 * @param {string | null} area
 * @param {readonly Feature<Area>[]} areas
 */
export function within(area, areas) {
    const wanted = new Set(codes(area));
    return areas.filter(({ properties: { code, parent_code } }) => wanted.has(code) || wanted.has(parent_code ?? ''));
}

/**
 * @param {Pick<View, 'area' | 'lifecycle' | 'changed'>} view
 * @returns {(hotspot: Hotspot) => boolean}
 */
function passing({ area, lifecycle, changed }) {
    const wanted = new Set(codes(area));
    return (hotspot) =>
        (wanted.size === 0 || hotspot.touches.some((code) => wanted.has(code))) &&
        (lifecycle === null || hotspot.lifecycle === lifecycle) &&
        (!changed || hotspot.changed);
}

/**
 * @param {ThemeGroup} group
 * @param {(hotspot: Hotspot) => boolean} passes
 * @returns {ThemeGroup}
 */
function kept(group, passes) {
    return { ...group, rows: group.rows.filter(({ hotspot }) => passes(hotspot)) };
}

/**
 * All hotspots by id, with the sign that they have where they are listed.
 *
 * @param {readonly ThemeGroup[]} asked
 * @param {readonly ThemeGroup[]} everything
 * @returns {Map<string, Entry>}
 */
function entries(asked, everything) {
    /** @type {Map<string, Entry>} */
    const all = new Map();
    for (const group of [...everything, ...asked]) {
        for (const row of group.rows) all.set(row.hotspot.id, { row, group });
    }
    return all;
}

/**
 * Listed last week and no longer. Of what is gone only the name of the place is told, no code.
 *
 * @param {Week} week
 * @param {{view: View, theme: string | null, areas: readonly Feature<Area>[]}} asked
 * @returns {Gone[]}
 */
function gone({ ranking }, { view, theme, areas }) {
    // What a hotspot that is gone had been doing for a year is told no longer.
    if (!view.changed || view.lifecycle !== null) return [];
    const names = new Set(within(view.area, areas).map(({ properties }) => properties.name));
    return (ranking.gone ?? []).filter(
        (one) =>
            (theme === null || one.theme === theme) &&
            (view.area === null || names.has(one.neighbourhood_name ?? '')),
    );
}

/**
 * Whether the week before is published as well, so that `new` means something.
 *
 * @param {Week} week
 * @param {readonly Edition[]} published
 */
export function isCompared({ ranking, hotspots }, published) {
    const before = weekBefore(ranking.week);
    return published.some((one) => one.week === before) || hotspots.some(({ previous_rank }) => previous_rank !== null);
}
