/** Brings the layers beside the hotspots: the first view does not need them. */

/** @import {App, Part} from '../types.d.ts' */
/** @import {Legend} from '../legend/legend.js' */
import { Later } from '../later.js';

/**
 * @param {App} app
 * @param {Legend} legend
 * @returns {Part}
 */
export function layersPart(app, legend) {
    const later = new Later(async () => {
        const { drawnPart } = await import('./drawn.js');
        return drawnPart(app, legend);
    });
    return { show: (shown) => later.show(shown) };
}
