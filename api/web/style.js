/** Colours and breaks of the map; the list and the legend are drawn from the same arrays. */

/** @import {Colour, Grade} from './types.d.ts' */

/**
 * One colour per theme, in the order of their names. Dark enough for white figures on them (4.5:1 at least) and
 * told apart by people who see no red or no green; the letter before the rank says the theme as well.
 *
 * @type {readonly Colour[]}
 */
export const THEME_COLOURS = Object.freeze([
    [178, 62, 8],
    [16, 92, 158],
    [118, 46, 122],
    [10, 112, 96],
    [122, 88, 0],
    [62, 66, 92],
]);

/**
 * How much stronger than expected: from this relative risk on a hotspot is filled so strongly and outlined so widely.
 *
 * @type {readonly {from: number, fillAlpha: number, line_px: number}[]}
 */
export const STRENGTHS = Object.freeze([
    { from: 0, fillAlpha: 56, line_px: 1.25 },
    { from: 2, fillAlpha: 112, line_px: 2 },
    { from: 4, fillAlpha: 176, line_px: 3 },
]);

/**
 * How sure: of a likely hotspot the filling is so much lighter, and the outline consists of so many dashes (0: unbroken).
 *
 * @type {Readonly<Record<Grade, {fillShare: number, dashes: number}>>}
 */
export const GRADES = Object.freeze({
    confirmed: { fillShare: 1, dashes: 0 },
    likely: { fillShare: 0.4, dashes: 14 },
});

export const BASE = Object.freeze({
    /** @type {Colour} */ land: [229, 233, 236],
    /** @type {Colour} */ touched: [211, 218, 224],
    /** @type {Colour} */ border: [255, 255, 255],
    /** @type {Colour} */ coast: [193, 201, 208],
    /** @type {Colour} */ name: [82, 93, 104],
    /** @type {Colour} */ figure: [255, 255, 255],
    /** @type {Colour} */ chosen: [18, 24, 32],
});

export const BADGE = Object.freeze({
    radius_px: 12,
    chosenRadius_px: 15,
    corner_px: 3,
    figure_px: 13,
    name_px: 11.5,
});

/**
 * Colour of the theme that stands at this place in the list of themes.
 *
 * @param {number} place
 * @returns {Colour}
 */
export function themeColour(place) {
    const colour = THEME_COLOURS[place % THEME_COLOURS.length];
    if (colour === undefined) throw new RangeError(`a theme's place must be 0 or more, got ${place}`);
    return colour;
}

/**
 * How a hotspot of this relative risk is drawn; the risk is absent where nothing was expected.
 *
 * @param {number | null} relativeRisk
 */
export function strength(relativeRisk) {
    if (relativeRisk === null) return strength(Infinity);
    const found = STRENGTHS.findLast(({ from }) => relativeRisk >= from);
    if (found === undefined) throw new RangeError(`a relative risk must be 0 or more, got ${relativeRisk}`);
    return found;
}

/**
 * Opacity of a hotspot's filling, 0 to 255: the stronger and the surer, the fuller.
 *
 * @param {{relative_risk: number | null, grade: Grade}} hotspot
 */
export function fillAlpha({ relative_risk, grade }) {
    return Math.round(strength(relative_risk).fillAlpha * GRADES[grade].fillShare);
}

/**
 * The same colour as a style sheet writes it.
 *
 * @param {Colour} colour
 * @param {number} [alpha] 0 to 255
 */
export function css([red, green, blue], alpha = 255) {
    return `rgb(${red} ${green} ${blue} / ${(alpha / 255).toFixed(3)})`;
}
