/** The tools over the map; on a small screen they unfold from one button. */

/** @import {Language} from '../types.d.ts' */
import { button, element } from '../element.js';
import { TEXTS } from '../texts.js';
import { icon } from './icons.js';

export class Toolbar {
    #items = element('div', 'toolbar-items');
    #more = button('tool toolbar-more', () => this.#fold(!this.#isOpen), icon('more'));
    #element = element('div', 'toolbar', this.#more, this.#items);
    #isOpen = false;

    /** @param {...Element} tools */
    constructor(...tools) {
        this.#items.id = 'toolbar-items';
        this.#items.append(...tools);
        this.#more.setAttribute('aria-controls', this.#items.id);
        this.#fold(false);
        this.#element.addEventListener('keydown', (event) => {
            if (event.key !== 'Escape' || !this.#isOpen) return;
            this.#fold(false);
            this.#more.focus();
        });
        document.addEventListener('pointerdown', ({ target }) => {
            if (target instanceof Node && !this.#element.contains(target)) this.#fold(false);
        });
    }

    get element() {
        return this.#element;
    }

    /** @param {Language} language */
    show(language) {
        const tools = TEXTS[language].tools;
        this.#element.setAttribute('role', 'group');
        this.#element.setAttribute('aria-label', tools);
        this.#more.setAttribute('aria-label', tools);
        this.#more.title = tools;
    }

    /** What was asked for is done: the map is looked at again. */
    fold() {
        this.#fold(false);
    }

    /** @param {boolean} isOpen */
    #fold(isOpen) {
        this.#isOpen = isOpen;
        this.#element.classList.toggle('toolbar-open', isOpen);
        this.#more.setAttribute('aria-expanded', String(isOpen));
    }
}
