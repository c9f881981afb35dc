/** Prints what is shown; also where the reader's own browser is told to print. */

/** @import {App, Part, Shown} from '../types.d.ts' */
import { button, element } from '../element.js';
import { TEXTS } from '../texts.js';
import { icon } from '../toolbar/icons.js';
import { sheet } from './sheet.js';

export class Print {
    #app;
    #label = element('span', 'tool-label');
    #button = button('tool', () => window.print(), icon('print'), this.#label);
    #element = element('div', 'tool-place', this.#button);
    /** @type {HTMLElement | null} */
    #sheet = null;

    /** @param {App} app */
    constructor(app) {
        this.#app = app;
        this.#button.dataset['tool'] = 'print';
        // The paper is laid out when it is printed, whoever asks for it, and holds what is shown then.
        window.addEventListener('beforeprint', () => this.#lay());
        window.addEventListener('afterprint', () => this.#clear());
    }

    get element() {
        return this.#element;
    }

    /** @param {Shown} shown */
    show({ language }) {
        this.#label.textContent = TEXTS[language].print;
        this.#button.title = TEXTS[language].print;
    }

    #lay() {
        this.#clear();
        const shown = this.#app.shown();
        if (shown === null) return;
        const legend = this.#app.page.stage.querySelector('.legend');
        this.#sheet = sheet(shown, { picture: this.#app.map.picture(), legend, now: new Date() });
        document.body.append(this.#sheet);
        document.documentElement.classList.add('has-sheet');
    }

    #clear() {
        this.#sheet?.remove();
        this.#sheet = null;
        document.documentElement.classList.remove('has-sheet');
    }
}

/**
 * @param {App} app
 * @returns {Part & {element: HTMLElement}}
 */
export function printTool(app) {
    return new Print(app);
}
