/** Where the columns of a course lie, and the signs over them: numbers in, numbers out. */

/** @typedef {{readonly x: number, readonly y: number, readonly width: number, readonly height: number}} Box */

/** @typedef {{readonly width: number, readonly height: number, readonly top: number, readonly gap: number}} Field */

/** What is not nothing is never drawn as nothing. */
const LEAST_HEIGHT = 1.5;

/**
 * The top of a scale that holds all values: a number that is easily read.
 *
 * @param {readonly number[]} values
 */
export function scaleTop(values) {
    const most = Math.max(0, ...values);
    if (most <= 5) return Math.max(1, Math.ceil(most));
    const step = 10 ** Math.floor(Math.log10(most));
    const nice = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((times) => times * step >= most) ?? 10;
    return Math.ceil(nice * step);
}

/**
 * One column per value, side by side, standing on the lower edge of the field.
 *
 * @param {readonly number[]} values 0 or more
 * @param {Field} field `top`: room above the highest column, `gap`: between two columns
 * @param {number} most value of a column that fills the field
 * @returns {Box[]}
 */
export function columns(values, { width, height, top, gap }, most) {
    const step = width / Math.max(1, values.length);
    return values.map((value, place) => {
        const tall = value <= 0 ? 0 : Math.max(LEAST_HEIGHT, (value / most) * (height - top));
        return { x: place * step + gap / 2, y: height - tall, width: step - gap, height: tall };
    });
}

/**
 * The column that lies at some place.
 *
 * @param {number} share of the width, from the left
 * @param {number} count of columns
 */
export function columnAt(share, count) {
    return Math.min(count - 1, Math.max(0, Math.floor(share * count)));
}

/**
 * Where a key leads from a column, or null where it leads nowhere.
 *
 * @param {string} key
 * @param {number} at
 * @param {number} count
 */
export function stepped(key, at, count) {
    /** @type {Record<string, number>} */
    const leads = {
        ArrowLeft: at - 1,
        ArrowDown: at - 1,
        ArrowRight: at + 1,
        ArrowUp: at + 1,
        PageUp: at + 4,
        PageDown: at - 4,
        Home: 0,
        End: count - 1,
    };
    const wanted = leads[key];
    return wanted === undefined ? null : Math.min(count - 1, Math.max(0, wanted));
}

/** @typedef {'listed' | 'hot' | 'cold'} Mark */

/**
 * The corners of a sign around a middle: a diamond, a triangle upwards or one downwards.
 *
 * @param {Mark} mark
 * @param {number} x
 * @param {number} y
 * @param {number} r half its height
 */
export function corners(mark, x, y, r) {
    /** @type {Record<Mark, readonly (readonly [number, number])[]>} */
    const shapes = {
        listed: [[0, -1], [0.85, 0], [0, 1], [-0.85, 0]],
        hot: [[0, -1], [1, 0.8], [-1, 0.8]],
        cold: [[0, 1], [1, -0.8], [-1, -0.8]],
    };
    return shapes[mark].map(([dx, dy]) => `${round(x + dx * r)},${round(y + dy * r)}`).join(' ');
}

/** @param {number} value */
function round(value) {
    return Math.round(value * 100) / 100;
}
