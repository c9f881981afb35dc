/** A strip that says that the service is not reached, what still works, and what happens next. */

/** @import {Language} from '../types.d.ts' */
/** @import {State} from './connection.js' */
import { button, element } from '../element.js';
import { TEXTS } from '../texts.js';

/** So long it says that all is well again. */
const RELIEF_MS = 4000;

export class Banner {
    #text = element('p', '');
    #again;
    #element;
    /** @type {State} */
    #state = 'reached';
    #timer = 0;

    /** @param {() => void} again try now */
    constructor(again) {
        this.#again = button('banner-button', again);
        this.#element = element('div', 'banner', this.#text, this.#again);
        this.#element.setAttribute('role', 'status');
        this.#element.hidden = true;
    }

    get element() {
        return this.#element;
    }

    /**
     * @param {State} state
     * @param {Language} language
     */
    show(state, language) {
        const isBack = state === 'reached' && this.#state !== 'reached';
        const isSame = state === this.#state;
        this.#state = state;
        const texts = TEXTS[language];
        this.#again.textContent = texts.tryNow;
        if (state !== 'reached') this.#say(state === 'offline' ? texts.offline : texts.away, true);
        else if (isBack) this.#relieve(texts.backAgain);
        // In another language it says the same; what is over is not said again.
        else if (isSame && !this.#element.hidden) this.#say(texts.backAgain, false);
    }

    /** @param {string} text */
    #relieve(text) {
        this.#say(text, false);
        this.#timer = window.setTimeout(() => {
            this.#element.hidden = true;
        }, RELIEF_MS);
    }

    /**
     * @param {string} text
     * @param {boolean} isWrong
     */
    #say(text, isWrong) {
        if (isWrong) clearTimeout(this.#timer);
        this.#element.hidden = false;
        this.#element.classList.toggle('banner-well', !isWrong);
        this.#again.hidden = !isWrong;
        // A live region says what changes in it: the same text put there again would be read again.
        if (this.#text.textContent !== text) this.#text.textContent = text;
    }
}
