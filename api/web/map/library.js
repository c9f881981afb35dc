/** Loads the map library, which is no module. */

/** @import {DeckLibrary} from '../types.d.ts' */
import { element } from '../element.js';
import { MAP_LIBRARY } from '../integrity.js';

/** Renderers that are programs, not graphics cards. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

let isSlow = false;

/** Whether a program draws, and each pixel costs time. */
export function drawsSlowly() {
    return isSlow;
}

/**
 * The map library comes out of the installed pydeck wheel; the list does not wait for it.
 *
 * @returns {Promise<DeckLibrary | null>} nothing where the browser could not draw with it
 */
export async function mapLibrary() {
    const name = renderer();
    if (name === null) return null;
    isSlow = SOFTWARE.test(name);
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

/**
 * What draws here; nothing where the library could not. It is large, and whoever has no use for it is not made to fetch it.
 *
 * @returns {string | null}
 */
function renderer() {
    const context = element('canvas', '').getContext('webgl2', { failIfMajorPerformanceCaveat: true });
    if (context === null) return null;
    const told = context.getExtension('WEBGL_debug_renderer_info');
    const name = String(context.getParameter(told?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER));
    // A browser gives away only so many of them.
    context.getExtension('WEBGL_lose_context')?.loseContext();
    return name;
}
