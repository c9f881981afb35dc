/** Loads the map library, which is no module. */

/** @import {DeckLibrary} from '../types.d.ts' */
import { element } from '../element.js';
import { MAP_LIBRARY } from '../integrity.js';

/**
 * The map library comes out of the installed pydeck wheel; the list does not wait for it.
 *
 * @returns {Promise<DeckLibrary | null>} nothing where the browser could not draw with it
 */
export async function mapLibrary() {
    if (!canDraw()) return null;
    const script = element('script', '');
    script.src = new URL('../deck.js', import.meta.url).href;
    script.integrity = MAP_LIBRARY;
    await new Promise((resolve, reject) => {
        script.addEventListener('load', resolve);
        script.addEventListener('error', reject);
        document.head.append(script);
    });
    return /** @type {{deck: DeckLibrary}} */ (/** @type {unknown} */ (globalThis)).deck;
}

/** Whether the library could draw here; it is large, and whoever has no use for it is not made to fetch it. */
function canDraw() {
    const context = element('canvas', '').getContext('webgl2');
    // A browser gives away only so many of them.
    context?.getExtension('WEBGL_lose_context')?.loseContext();
    return context !== null;
}
