/** Brings the tools once the first week is on the screen: none of them is needed for it. */

/** @import {App, Part} from '../types.d.ts' */

/**
 * @param {App} app
 * @returns {Part & {light(id: string | null): void}}
 */
export function toolsPart(app) {
    /** @type {(Part & {light(id: string | null): void}) | null} */
    let brought = null;
    let isComing = false;
    const bring = async () => {
        try {
            const { tools } = await import('./tools.js');
            brought = tools(app);
        } catch (error) {
            // Without a network: with the next change it is tried again.
            if (!(error instanceof TypeError)) throw error;
        } finally {
            isComing = false;
        }
        const shown = app.shown();
        if (shown !== null) brought?.show(shown);
    };
    return {
        show(shown) {
            if (brought !== null) brought.show(shown);
            // The list is drawn first.
            else if (!isComing) {
                isComing = true;
                setTimeout(() => void bring());
            }
        },
        light: (id) => brought?.light(id),
    };
}
