/** Where the list will be: its shape, until it is there for the first time. */

import { element } from '../element.js';

const ROWS = 6;

/** @returns {HTMLElement} */
export function skeleton() {
    const rows = Array.from({ length: ROWS }, () =>
        element('div', 'skeleton-row', element('span', 'skeleton-badge'), element('span', 'skeleton-lines')),
    );
    const made = element('div', 'skeleton', ...rows);
    // That it is loading is said in words beside it.
    made.setAttribute('aria-hidden', 'true');
    return made;
}
