/** What the page remembers between visits: nothing but choices, and only where the browser lets it. */

/** @typedef {'language' | 'area'} Remembered */

/**
 * @param {Remembered} name
 * @returns {string | null}
 */
export function remembered(name) {
    try {
        return localStorage.getItem(`hotspot.${name}`);
    } catch {
        // A browser may forbid a page to remember anything.
        return null;
    }
}

/**
 * @param {Remembered} name
 * @param {string | null} value
 */
export function remember(name, value) {
    try {
        if (value === null) localStorage.removeItem(`hotspot.${name}`);
        else localStorage.setItem(`hotspot.${name}`, value);
    } catch {
        // As above: the address still holds the choice.
    }
}
