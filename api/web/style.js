/**
 * Colours and breaks of the map; the list and the legend are drawn from the same arrays.
 *
 * Where the classes of a figure begin, by rule: quantiles of the figures that there are, each rounded to a number that
 * people read at once; what falls together is one. A change is cut alike on both sides of 0.
 */

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
    /** @type {Colour} */ name: [74, 84, 95],
    /** @type {Colour} */ figure: [255, 255, 255],
    /** @type {Colour} */ chosen: [18, 24, 32],
});

/** The ground of other maps lies below: so much of the land is seen through, and so much of a figure's colour. */
export const SEEN_THROUGH = Object.freeze({ land: 0, figures: 190, cells: 200 });

/**
 * From little to much, in one hue that only gets darker: how light a colour is, all eyes see.
 *
 * @type {readonly Colour[]}
 */
export const RATE_COLOURS = Object.freeze([
    [226, 235, 243],
    [193, 211, 228],
    [159, 185, 210],
    [126, 158, 190],
    [96, 131, 168],
]);

/**
 * From less through the same to more, blue to orange: the two hues that people who see no red or no green tell apart.
 *
 * @type {readonly Colour[]}
 */
export const CHANGE_COLOURS = Object.freeze([
    [72, 134, 190],
    [161, 199, 228],
    [241, 241, 238],
    [245, 197, 147],
    [222, 136, 64],
]);

/**
 * How dense, from little to much: as with the rates each is darker than the one before.
 *
 * @type {readonly Colour[]}
 */
export const DENSITY_COLOURS = Object.freeze([
    [254, 240, 190],
    [252, 217, 130],
    [245, 180, 78],
    [224, 134, 44],
    [188, 88, 24],
]);

/** Where there is no figure: neither little nor much, and hatched so that it is no colour of a scale. */
export const NO_DATA = Object.freeze({
    /** @type {Colour} */ ground: [240, 241, 242],
    /** @type {Colour} */ hatch: [150, 158, 166],
    hatch_px: 1,
});

/** What was listed the week before: dotted, hollow, and of no theme's colour. */
export const BEFORE = Object.freeze({
    /** @type {Colour} */ line: [44, 54, 66],
    line_px: 2,
    dots: 26,
    gone_px: 7,
});

/** Incidents: the more at one place, the larger; the area of the dot follows their number. */
export const INCIDENTS = Object.freeze({
    /** @type {Colour} */ ground: [24, 32, 42],
    alpha: 190,
    /** @type {Colour} */ rim: [255, 255, 255],
    one_px: 3,
    most_px: 14,
});

/** Streets by how much they matter: 0 main roads, 1 roads through quarters, 2 all others. Darker than land: borders are white. */
export const STREETS = Object.freeze([
    { /** @type {Colour} */ colour: [203, 209, 215], width_px: 3 },
    { /** @type {Colour} */ colour: [208, 214, 219], width_px: 2 },
    { /** @type {Colour} */ colour: [213, 218, 223], width_px: 1.25 },
]);

export const BADGE = Object.freeze({
    radius_px: 12,
    /** A hotspot whose badge has no room is a dot. */
    dot_px: 4.5,
    chosenRadius_px: 15,
    corner_px: 3,
    figure_px: 13,
    name_px: 11.5,
});

/**
 * Few to many incidents in an hour: one hue, evenly darker, so that it is read without telling colours apart. The first
 * is for none.
 *
 * @type {readonly Colour[]}
 */
export const HOUR_RAMP = Object.freeze([
    [240, 243, 246],
    [204, 221, 238],
    [152, 188, 220],
    [94, 148, 198],
    [36, 104, 164],
    [10, 62, 116],
]);

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
 * How a hotspot of this relative risk is drawn; the risk is null where nothing was expected, and undefined where the
 * reader's level is not told it: that is drawn as the weakest, which claims least.
 *
 * @param {number | null | undefined} relativeRisk
 */
export function strength(relativeRisk) {
    if (relativeRisk === undefined) return strength(0);
    if (relativeRisk === null) return strength(Infinity);
    const found = STRENGTHS.findLast(({ from }) => relativeRisk >= from);
    if (found === undefined) throw new RangeError(`a relative risk must be 0 or more, got ${relativeRisk}`);
    return found;
}

/**
 * Opacity of a hotspot's filling, 0 to 255: the stronger and the surer, the fuller.
 *
 * @param {{relative_risk: number | null, expected: number | null, grade: Grade}} hotspot
 */
export function fillAlpha(hotspot) {
    return Math.round(strength(riskOf(hotspot)).fillAlpha * GRADES[hotspot.grade].fillShare);
}

/**
 * How many times as many as expected; undefined where the reader's level is told neither that nor what was expected.
 *
 * @param {{relative_risk: number | null, expected: number | null}} hotspot
 * @returns {number | null | undefined}
 */
export function riskOf({ relative_risk, expected }) {
    return relative_risk === null && expected === null ? undefined : relative_risk;
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

/** Digits of a number that is read at once, times a power of ten. */
const READABLE = Object.freeze([1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]);

/** Shares of the changes, by size, that are less than the inner and than the outer break. */
const INNER = 0.3;
const OUTER = 0.8;

/**
 * @typedef {object} Scale
 * @property {readonly number[]} breaks ascending; a class begins at each
 * @property {readonly Colour[]} colours one more than there are breaks
 */

/**
 * The nearest number that people read at once.
 *
 * @param {number} value 0 or more
 */
export function readable(value) {
    if (value === 0) return 0;
    const ten = 10 ** Math.floor(Math.log10(value));
    const digits = value / ten;
    const nearest = READABLE.reduce((best, one) => (Math.abs(one - digits) < Math.abs(best - digits) ? one : best));
    // 1.2 times 0.001 is not 0.0012 in binary: the fifteen digits that count are.
    return Number((nearest * ten).toPrecision(15));
}

/**
 * The largest number that people read at once and that is no more than another.
 *
 * @param {number} value more than 0
 */
function readableBelow(value) {
    const ten = 10 ** Math.floor(Math.log10(value));
    const found = READABLE.findLast((digits) => Number((digits * ten).toPrecision(15)) <= value) ?? 1;
    return Number((found * ten).toPrecision(15));
}

/**
 * The value below which a share of the values lies.
 *
 * @param {Float64Array} sorted ascending, at least one
 * @param {number} share 0 to 1
 */
export function quantile(sorted, share) {
    const place = share * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
    return below + (place - Math.floor(place)) * (above - below);
}

/**
 * Cut figures from 0 upwards into classes with about as many figures each.
 *
 * @param {Iterable<number | null>} values
 * @param {readonly Colour[]} ramp as many colours as there may be classes
 * @returns {Scale}
 */
export function upwards(values, ramp) {
    const sorted = known(values);
    const most = sorted.at(-1) ?? 0;
    const least = sorted[0] ?? 0;
    const above = sorted.filter((value) => value > 0);
    // Where nothing happened in many places, that is a class of its own, and the others are cut by quantiles.
    const hasNothing = above.length > 0 && sorted.length - above.length > sorted.length / ramp.length;
    const [cut, classes] = hasNothing ? [above, ramp.length - 1] : [sorted, ramp.length];
    const quantiles = ramp.slice(1, classes).map((_, place) => readable(quantile(cut, (place + 1) / classes)));
    const cuts = hasNothing ? [readableBelow(above[0] ?? 0), ...quantiles] : quantiles;
    const breaks = [...new Set(cuts)].filter((one) => least < one && one <= most);
    return { breaks, colours: spread(ramp, breaks.length + 1) };
}

/**
 * Cut changes into more, less and about the same, alike on both sides of 0.
 *
 * @param {Iterable<number | null>} values
 * @param {readonly Colour[]} ramp five colours, the middle one for what stayed about the same
 * @param {number} least the smallest change that is one
 * @returns {Scale}
 */
export function around(values, ramp, least) {
    const sizes = known(values)
        .map(Math.abs)
        .filter((size) => size > 0)
        .sort();
    const inner = Math.max(least, sizes.length === 0 ? 0 : readable(quantile(sizes, INNER)));
    const outer = sizes.length === 0 ? inner : readable(quantile(sizes, OUTER));
    const more = outer > inner ? [inner, outer] : [inner];
    const breaks = [...more.map((cut) => -cut).reverse(), ...more];
    return { breaks, colours: spread(ramp, breaks.length + 1) };
}

/**
 * The class of a figure, 0 for the lowest. A break belongs to the class farther from 0.
 *
 * @param {number} value
 * @param {readonly number[]} breaks
 */
export function classOf(value, breaks) {
    let place = 0;
    for (const cut of breaks) place += (cut > 0 ? value >= cut : value > cut) ? 1 : 0;
    return place;
}

/**
 * @param {Iterable<number | null>} values
 * @returns {Float64Array} ascending
 */
function known(values) {
    return Float64Array.from([...values].filter((value) => value !== null)).sort();
}

/**
 * So many colours of a ramp, as far from each other as can be, the middle one for the middle.
 *
 * @param {readonly Colour[]} ramp
 * @param {number} count
 * @returns {Colour[]}
 */
export function spread(ramp, count) {
    return Array.from({ length: count }, (_, place) => {
        const share = count === 1 ? 0 : place / (count - 1);
        return ramp[Math.round(share * (ramp.length - 1))] ?? [0, 0, 0];
    });
}
