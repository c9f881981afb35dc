/** A button and what unfolds under it; closed by Escape, by a click beside it, and by choosing. */

import { button, element } from '../element.js';

export class Flyout {
    #button;
    #label = element('span', 'tool-label');
    #body = element('div', 'flyout');
    #element;
    #told;

    /**
     * @param {{name: string, icon: Element, opened?: () => void, closed?: () => void}} told
     * @param {...Node} content
     */
    constructor({ name, icon, ...told }, ...content) {
        this.#told = told;
        this.#button = button('tool', () => this.toggle(), icon, this.#label);
        this.#button.dataset['tool'] = name;
        this.#body.id = `flyout-${name}`;
        this.#body.hidden = true;
        this.#body.setAttribute('role', 'group');
        this.#button.setAttribute('aria-expanded', 'false');
        this.#button.setAttribute('aria-controls', this.#body.id);
        this.#body.append(...content);
        this.#element = element('div', 'tool-place', this.#button, this.#body);
        this.#element.addEventListener('keydown', (event) => {
            if (event.key !== 'Escape' || !this.isOpen) return;
            event.stopPropagation();
            this.close();
            this.#button.focus();
        });
        document.addEventListener('pointerdown', ({ target }) => {
            if (this.isOpen && target instanceof Node && !this.#element.contains(target)) this.close();
        });
        this.#element.addEventListener('focusout', ({ relatedTarget }) => {
            if (relatedTarget instanceof Node && !this.#element.contains(relatedTarget)) this.close();
        });
    }

    get element() {
        return this.#element;
    }

    get isOpen() {
        return !this.#body.hidden;
    }

    /**
     * @param {string} name
     * @param {boolean} [isOn] whether what it does is being done
     */
    show(name, isOn = false) {
        this.#label.textContent = name;
        this.#button.title = name;
        this.#body.setAttribute('aria-label', name);
        this.#button.classList.toggle('tool-on', isOn);
    }

    toggle() {
        if (this.isOpen) this.close();
        else this.open();
    }

    open() {
        this.#body.hidden = false;
        this.#button.setAttribute('aria-expanded', 'true');
        this.#told.opened?.();
    }

    close() {
        if (!this.isOpen) return;
        this.#body.hidden = true;
        this.#button.setAttribute('aria-expanded', 'false');
        this.#told.closed?.();
    }

    /** Close, and be where a keyboard was before. */
    done() {
        this.close();
        this.#button.focus();
    }
}
