/** From a week to what the list, the map and the legend show of it. */

/** @import {Hotspot, Kind, Label, Language, Row, ThemeGroup, Week} from './types.d.ts' */
import { themeColour } from './style.js';
import { TEXTS } from './texts.js';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * The themes of a week with their hotspots. A theme keeps its colour and its letter whatever is chosen; the letter is
 * left out where only one theme is shown.
 *
 * @param {Week} week
 * @param {string | null} theme the chosen theme; all themes if absent
 * @param {Language} language
 * @returns {ThemeGroup[]}
 */
export function groups(week, theme, language) {
    const { themes, labels } = week.ranking;
    const ordered = [...themes].sort((one, other) => (one.theme < other.theme ? -1 : 1));
    return ordered.flatMap((outcome, place) => {
        if (theme !== null && outcome.theme !== theme) return [];
        const colour = themeColour(place);
        const letter = theme === null && themes.length > 1 ? (LETTERS[place % LETTERS.length] ?? '') : '';
        const rows = week.hotspots
            .filter((hotspot) => hotspot.theme === outcome.theme)
            .sort((one, other) => one.rank - other.rank)
            .map((hotspot) => ({ hotspot, sign: `${letter}${hotspot.rank}`, colour }));
        const label = labelOf(outcome.theme, language, labels[outcome.theme]);
        return [{ theme: outcome.theme, label, letter, colour, outcome, rows }];
    });
}

/**
 * A name as people read it; one without a label is spelt with spaces.
 *
 * @param {string} name
 * @param {Language} language
 * @param {Label | undefined} label
 */
export function labelOf(name, language, label) {
    if (label !== undefined) return label[language];
    const spaced = name.replaceAll('_', ' ');
    return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/**
 * The neighbourhood that holds most of a hotspot, as people read it.
 *
 * @param {Hotspot} hotspot
 * @param {Language} language
 */
export function placeName({ neighbourhood_name, neighbourhood }, language) {
    return neighbourhood_name ?? neighbourhood ?? TEXTS[language].nowhere;
}

/**
 * The rows of each kind that has any, acute first.
 *
 * @param {readonly Row[]} rows
 * @returns {{kind: Kind, rows: readonly Row[]}[]}
 */
export function byKind(rows) {
    const kinds = /** @type {const} */ (['acute', 'chronic']);
    return kinds
        .map((kind) => ({ kind, rows: rows.filter(({ hotspot }) => hotspot.kind === kind) }))
        .filter((group) => group.rows.length > 0);
}

/**
 * How a hotspot moved against the week before. The rank of a chronic one follows how many acute ones there are above it:
 * of those it says only whether they are new. What was listed before, but not last week, is back.
 *
 * @param {Hotspot} hotspot
 * @returns {'new' | 'back' | 'up' | 'down' | 'same' | 'lasting'}
 */
export function movement({ kind, rank, previous_rank, event }) {
    if (previous_rank === null) return event === 'returned' ? 'back' : 'new';
    if (kind === 'chronic') return 'lasting';
    if (previous_rank === rank) return 'same';
    return previous_rank > rank ? 'up' : 'down';
}
