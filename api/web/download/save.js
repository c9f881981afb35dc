/** Hands a file to the reader's browser. */

import { element } from '../element.js';

/** So long a browser may take to begin to save. */
const KEPT_MS = 60_000;

/**
 * @param {Blob} blob
 * @param {string} name
 */
export function save(blob, name) {
    const link = element('a', '');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
