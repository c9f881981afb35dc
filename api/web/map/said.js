/** What is said of the thing under the pointer. Pure. */

/** @import {Language, Row} from '../types.d.ts' */
/** @import {Figures, Overlay} from './drawing.d.ts' */
/** @import {Pointed} from './pointed.js' */
import { expectedCount, number } from '../format.js';
import { placeName } from '../groups.js';
import { TEXTS } from '../texts.js';

/** @typedef {{title: string, lines: readonly string[]}} Said */

/**
 * @param {Pointed} found
 * @param {Overlay} overlay
 * @param {Language} language
 * @returns {Said | null} nothing where there is nothing
 */
export function said({ row, pile, was, square, area }, { figures, surface, before, incidents }, language) {
    if (row !== undefined) return ofRow(row, language);
    const place = area?.properties.name ?? TEXTS[language].nowhere;
    if (pile !== undefined && incidents !== null) return { title: place, lines: incidents.told(pile) };
    if (was !== undefined && before !== null) return { title: placeName(was, language), lines: before.told(was) };
    if (square !== undefined && surface !== null) return { title: place, lines: surface.told(square) };
    if (area === undefined) return null;
    return { title: place, lines: figures === null ? [] : ofArea(area.properties.code, figures, language) };
}

/**
 * @param {string} code
 * @param {Figures} figures
 * @param {Language} language
 */
function ofArea(code, figures, language) {
    return figures.told.get(code) ?? [TEXTS[language].layers.noData];
}

/**
 * @param {Row} row
 * @param {Language} language
 * @returns {Said}
 */
function ofRow({ hotspot, sign }, language) {
    const texts = TEXTS[language];
    const { observed, expected, kind, grade } = hotspot;
    // Below the internal level a reader may not be told how many.
    const counted = observed === undefined || observed === null ? [] : [texts.incidents(number(observed, language))];
    const against = expected === undefined || expected === null ? [] : [texts.expectedCount(expectedCount(expected, language))];
    const counts = [...counted, ...against].join(', ');
    return {
        title: `${sign}  ${placeName(hotspot, language)}`,
        lines: [...(counts === '' ? [] : [counts]), `${texts.kindWords[kind]}, ${texts.grades[grade]}`],
    };
}
