/** Brings the tools once the first week is on the screen: none of them is needed for it. */

/** @import {App, Part} from '../types.d.ts' */
import { Later } from '../later.js';

/**
 * @param {App} app
 * @returns {Part & {light(id: string | null): void}}
 */
export function toolsPart(app) {
    const later = new Later(async () => {
        const { tools } = await import('./tools.js');
        return tools(app);
    });
    return {
        show: (shown) => later.show(shown),
        light: (id) => later.now?.light(id),
    };
}
