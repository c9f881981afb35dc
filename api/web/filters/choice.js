/** One select with its label. */

import { button, element } from '../element.js';

/** @typedef {{value: string | null, text: string, title?: string}} Option */
/** @typedef {{label?: string, options: readonly Option[]}} OptionGroup */

let made = 0;

export class Choice {
    select = element('select', '');
    #label = element('label', 'field-label');
    #why;
    #said = '';
    #element;

    /**
     * @param {(value: string | null) => void} choose
     * @param {() => void} [explain] where the word needs explaining
     */
    constructor(choose, explain) {
        made += 1;
        this.select.id = `choice-${made}`;
        this.#label.htmlFor = this.select.id;
        this.#why = explain === undefined ? null : button('why', explain, '?');
        const head = element('span', 'field-head', this.#label, ...(this.#why === null ? [] : [this.#why]));
        this.#element = element('div', 'filter', head, this.select);
        this.select.addEventListener('change', () => choose(this.select.value === '' ? null : this.select.value));
    }

    get element() {
        return this.#element;
    }

    /**
     * @param {string} label
     * @param {readonly OptionGroup[]} groups
     * @param {string | null} chosen
     * @param {string} [why] name of the button that explains
     */
    show(label, groups, chosen, why = '') {
        this.#label.textContent = label;
        this.#why?.setAttribute('aria-label', why);
        // An open list that is filled anew closes: only what differs is.
        const said = JSON.stringify(groups);
        if (said !== this.#said) {
            this.#said = said;
            this.select.replaceChildren(...groups.flatMap(asElements));
        }
        this.select.value = chosen ?? '';
        this.select.classList.toggle('is-on', chosen !== null);
    }
}

/** @param {OptionGroup} group */
function asElements({ label, options }) {
    const inside = options.map(({ value, text, title }) => {
        const option = new Option(text, value ?? '');
        if (title !== undefined) option.title = title;
        return option;
    });
    if (label === undefined) return inside;
    const group = element('optgroup', '', ...inside);
    group.label = label;
    return [group];
}
