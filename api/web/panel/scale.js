/** Where numbers lie on a line. Pure. */

/** @typedef {{readonly most: number, readonly width: number}} Scale */

/**
 * @param {number} value 0 or more
 * @param {Scale} scale
 */
export function at(value, { most, width }) {
    return Math.min(width, Math.max(0, (value / most) * width));
}

/**
 * @param {number} lower
 * @param {number} upper
 * @param {Scale} scale
 */
export function interval(lower, upper, scale) {
    return { left: at(Math.min(lower, upper), scale), right: at(Math.max(lower, upper), scale) };
}

/**
 * Numbers that are written under a line that begins at 0: one is among them, for there nothing is unusual; the others
 * keep clear of it and of each other.
 *
 * @param {number} most
 */
export function ticks(most) {
    const rough = most / 3;
    const power = 10 ** Math.floor(Math.log10(Math.max(rough, 0.1)));
    const step = ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10) * power;
    const found = [1];
    for (let value = step; value <= most * 0.97; value += step) {
        if (Math.abs(value - 1) > most * 0.12) found.push(value);
    }
    return found.sort((one, other) => one - other);
}
