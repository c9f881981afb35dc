/** Brings the panel: the first view does not need it. */

/** @import {App, Part} from '../types.d.ts' */
import { Later } from '../later.js';

/**
 * @param {App} app
 * @returns {Part & {readonly element: HTMLElement | null, focus(): void, ready(): Promise<unknown>}}
 */
export function panelPart(app) {
    const later = new Later(async () => {
        const { readerPart } = await import('./reader.js');
        return readerPart(app);
    });
    return {
        get element() {
            return later.now?.element ?? null;
        },
        show: (shown) => later.show(shown),
        focus: () => later.now?.focus(),
        ready: () => later.ready(),
    };
}
