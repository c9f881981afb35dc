/** The drawings on the tools; lines of one weight on a grid of 20. */

import { drawn } from '../svg.js';

/** Outlines, as paths are written. */
const PATHS = Object.freeze({
    compare: ['M3 4.5h5.5v11H3z', 'M11.5 4.5H17v11h-5.5z'],
    print: ['M6 7V3.5h8V7', 'M6 13.5H3.5V7h13v6.5H14', 'M6 11.5h8v5H6z'],
    download: ['M10 3v9', 'M6.5 8.5 10 12l3.5-3.5', 'M3.5 13.5v3h13v-3'],
    share: ['M8 12a3.2 3.2 0 0 0 4.6.2l2.7-2.7a3.3 3.3 0 0 0-4.7-4.6L9.3 6.2', 'M12 8a3.2 3.2 0 0 0-4.6-.2L4.7 10.5a3.3 3.3 0 0 0 4.7 4.6l1.3-1.3'],
    layers: ['M10 3 17 6.8 10 10.6 3 6.8z', 'M3.4 10.2 10 13.8l6.6-3.6', 'M3.4 13.4 10 17l6.6-3.6'],
    more: ['M4 5.5h12', 'M4 10h12', 'M4 14.5h12'],
});

/** @typedef {keyof typeof PATHS} Icon */

/** @param {Icon} name */
export function icon(name) {
    const paths = PATHS[name].map((d) => drawn('path', { d }));
    return drawn('svg', { viewBox: '0 0 20 20', class: 'icon', 'aria-hidden': 'true', focusable: 'false' }, ...paths);
}
