/** A few words beside the pointer about what lies under it. */

import { element } from '../element.js';

/** From the pointer, in pixels. */
const ASIDE_PX = 14;

export class Tip {
    #element = element('div', 'map-tip');

    constructor() {
        this.hide();
    }

    get element() {
        return this.#element;
    }

    hide() {
        this.#element.hidden = true;
    }

    /**
     * @param {{title: string, lines: readonly string[]}} said the first line stands out where others follow
     * @param {{x: number, y: number, width: number, height: number}} where the pointer, and the size of the map
     */
    show({ title, lines }, { x, y, width, height }) {
        const first = element(lines.length > 0 ? 'strong' : 'span', '', title);
        this.#element.replaceChildren(first, ...lines.map((line) => element('span', '', line)));
        this.#element.hidden = false;
        const { offsetWidth, offsetHeight } = this.#element;
        // At the right and the lower side of the map it stands on the other side of the pointer.
        const left = x + ASIDE_PX + offsetWidth > width ? x - ASIDE_PX - offsetWidth : x + ASIDE_PX;
        const top = y + ASIDE_PX + offsetHeight > height ? y - ASIDE_PX - offsetHeight : y + ASIDE_PX;
        this.#element.style.transform = `translate(${Math.round(Math.max(0, left))}px, ${Math.round(Math.max(0, top))}px)`;
    }
}
