/** Something that stands in the way of the list, and what to do about it. */

import { button, element } from '../element.js';

export class Notice {
    #element = element('div', 'notice');

    constructor() {
        this.#element.hidden = true;
    }

    get element() {
        return this.#element;
    }

    hide() {
        this.#element.hidden = true;
        this.#element.replaceChildren();
    }

    /**
     * @param {string} title
     * @param {string} explanation
     * @param {{text: string, act: () => void}} [remedy]
     */
    show(title, explanation, remedy) {
        this.#element.replaceChildren(
            element('p', 'empty-title', title),
            ...(explanation === '' ? [] : [element('p', 'empty-why', explanation)]),
            ...(remedy === undefined ? [] : [button('remedy', remedy.act, remedy.text)]),
        );
        this.#element.hidden = false;
    }
}
