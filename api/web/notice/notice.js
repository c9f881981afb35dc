/** Something that stands in the way of the list, and what to do about it. */

/** @import {Language} from '../types.d.ts' */
import { button, element } from '../element.js';
import { TEXTS } from '../texts.js';
import { explain } from './explain.js';

/** The page does not ask again by itself more often than this, whatever the service says. */
const SOONEST_S = 2;

export class Notice {
    #element = element('div', 'notice');
    /** What failed and can be tried again. @type {{error: unknown, again: () => void} | null} */
    #failure = null;
    #timer = 0;

    constructor() {
        this.#element.setAttribute('role', 'status');
        this.#element.hidden = true;
    }

    get element() {
        return this.#element;
    }

    hide() {
        this.#failure = null;
        clearTimeout(this.#timer);
        this.#element.hidden = true;
        this.#element.replaceChildren();
    }

    /**
     * @param {string} title
     * @param {string} explanation
     * @param {{text: string, act: () => void}} [remedy]
     * @param {string} [reference] by which a report of it is found again
     */
    show(title, explanation, remedy, reference = '') {
        this.#failure = null;
        clearTimeout(this.#timer);
        this.#element.replaceChildren(
            element('p', 'empty-title', title),
            ...(explanation === '' ? [] : [element('p', 'empty-why', explanation)]),
            ...(reference === '' ? [] : [element('p', 'notice-reference', reference)]),
            ...(remedy === undefined ? [] : [button('remedy', remedy.act, remedy.text)]),
        );
        this.#element.hidden = false;
    }

    /**
     * Say what went wrong; where the service says when it will be there again, it is asked again by then.
     *
     * @param {unknown} error
     * @param {() => void} again
     * @param {Language} language
     */
    fail(error, again, language) {
        const { title, explanation, reference, retry_s } = explain(error, language);
        this.show(title, explanation, { text: TEXTS[language].retry, act: again }, reference);
        this.#failure = { error, again };
        if (retry_s !== null) this.#timer = window.setTimeout(again, Math.max(retry_s, SOONEST_S) * 1000);
    }

    /** The service is there again: what failed is tried again. */
    again() {
        this.#failure?.again();
    }

    /**
     * Say the same in another language.
     *
     * @param {Language} language
     */
    translate(language) {
        if (this.#failure !== null) this.fail(this.#failure.error, this.#failure.again, language);
    }
}
