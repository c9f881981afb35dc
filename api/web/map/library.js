/** Loads the map library, which is no module. */

/** @import {DeckLibrary} from '../types.d.ts' */
import { element } from '../element.js';
import { MAP_LIBRARY } from '../integrity.js';

/** The map library comes out of the installed pydeck wheel; the list does not wait for it. */
export async function mapLibrary() {
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
