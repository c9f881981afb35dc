/** Dutch or English. */

/** @import {Language} from '../types.d.ts' */
import { button, element } from '../element.js';
import { LANGUAGES } from '../state.js';
import { TEXTS } from '../texts.js';

export class LanguageSwitch {
    #element = element('div', 'languages');
    /** @type {Map<Language, HTMLButtonElement>} */
    #buttons = new Map();

    /** @param {(language: Language) => void} choose */
    constructor(choose) {
        this.#element.setAttribute('role', 'group');
        for (const language of LANGUAGES) {
            const made = button('', () => choose(language), language.toUpperCase());
            made.lang = language;
            made.title = TEXTS[language].language;
            made.setAttribute('aria-label', `${language.toUpperCase()}, ${TEXTS[language].language}`);
            this.#buttons.set(language, made);
            this.#element.append(made);
        }
    }

    get element() {
        return this.#element;
    }

    /** @param {Language} chosen */
    show(chosen) {
        this.#element.setAttribute('aria-label', TEXTS[chosen].languages);
        for (const [language, made] of this.#buttons) made.setAttribute('aria-pressed', String(language === chosen));
    }
}
