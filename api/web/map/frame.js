/** What lies on the map beside what it shows: its buttons, its scale, and what is to be said of it. */

/** @import {Language} from '../types.d.ts' */
import { button, element } from '../element.js';
import { TEXTS } from '../texts.js';
import { ScaleBar } from './scale.js';

export class Frame {
    scale = new ScaleBar();
    #warning = element('p', 'map-warning');
    #credit = element('p', 'map-credit');
    #nearer;
    #farther;
    #whole;

    /** @param {{nearer: () => void, farther: () => void, whole: () => void}} told */
    constructor({ nearer, farther, whole }) {
        this.#nearer = button('', nearer, '+');
        this.#farther = button('', farther, '−');
        this.#whole = button('', whole, '⤢');
        this.tools = element('div', 'map-tools', this.#nearer, this.#farther, this.#whole);
        this.foot = element('div', 'map-foot', this.scale.element, element('div', '', this.#warning, this.#credit));
    }

    /** @param {string} text nothing if empty */
    warn(text) {
        this.#warning.textContent = text;
        this.#warning.hidden = text === '';
    }

    /**
     * @param {Language} language
     * @param {readonly string[]} credits whose the data are
     */
    say(language, credits) {
        const texts = TEXTS[language];
        for (const [made, text] of /** @type {const} */ ([
            [this.#nearer, texts.zoomIn],
            [this.#farther, texts.zoomOut],
            [this.#whole, texts.wholeCity],
        ])) {
            made.setAttribute('aria-label', text);
            made.title = text;
        }
        this.#credit.textContent = credits.filter((credit) => credit !== '').join(' · ');
    }
}
