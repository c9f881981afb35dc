/** A field that finds areas and hotspots: a combobox as ARIA 1.2 describes it. */

/** @import {Language} from '../types.d.ts' */
/** @import {Found} from './find.js' */
import { element } from '../element.js';
import { TEXTS } from '../texts.js';

export class Search {
    #find;
    #choose;
    #input = element('input', 'search-input');
    #list = element('ul', 'search-list');
    #said = element('span', 'unseen');
    #element = element('div', 'search', this.#input, this.#list, this.#said);
    /** @type {readonly Found[]} */
    #found = [];
    #active = -1;
    /** @type {Language} */
    #language = 'nl';

    /**
     * @param {(text: string) => readonly Found[]} find
     * @param {(found: Found) => void} choose
     */
    constructor(find, choose) {
        this.#find = find;
        this.#choose = choose;
        this.#list.id = 'search-list';
        this.#list.hidden = true;
        this.#list.setAttribute('role', 'listbox');
        this.#said.setAttribute('role', 'status');
        this.#input.type = 'text';
        this.#input.autocomplete = 'off';
        this.#input.spellcheck = false;
        this.#input.setAttribute('role', 'combobox');
        this.#input.setAttribute('aria-autocomplete', 'list');
        this.#input.setAttribute('aria-controls', this.#list.id);
        this.#input.setAttribute('aria-expanded', 'false');
        this.#input.addEventListener('input', () => this.#suggest());
        this.#input.addEventListener('focus', () => this.#suggest());
        this.#input.addEventListener('blur', () => this.#close());
        this.#input.addEventListener('keydown', (event) => this.#pressed(event));
        // The field keeps the focus: a press in the list must not take it away before it is a click.
        this.#list.addEventListener('pointerdown', (event) => event.preventDefault());
        this.#list.addEventListener('click', ({ target }) => {
            const place = target instanceof Element ? target.closest('li')?.dataset['place'] : undefined;
            if (place !== undefined) this.#take(Number(place));
        });
    }

    get element() {
        return this.#element;
    }

    /** @param {Language} language */
    show(language) {
        this.#language = language;
        const texts = TEXTS[language];
        this.#input.placeholder = texts.searchHint;
        this.#input.setAttribute('aria-label', texts.searchLabel);
        this.#list.setAttribute('aria-label', texts.searchLabel);
    }

    /** @param {KeyboardEvent} event */
    #pressed(event) {
        const { key } = event;
        if (key === 'ArrowDown' || key === 'ArrowUp') {
            if (this.#list.hidden) this.#suggest();
            this.#activate(this.#active + (key === 'ArrowDown' ? 1 : -1));
        } else if (key === 'Enter') {
            if (!this.#list.hidden) this.#take(Math.max(0, this.#active));
        } else if (key === 'Escape') {
            // First the list goes, then what was typed.
            if (this.#list.hidden) this.#input.value = '';
            this.#close();
        } else {
            return;
        }
        event.preventDefault();
    }

    #suggest() {
        const text = this.#input.value.trim();
        if (text === '') {
            this.#close();
            return;
        }
        const texts = TEXTS[this.#language];
        this.#found = this.#find(text);
        this.#active = -1;
        this.#input.removeAttribute('aria-activedescendant');
        const options = this.#found.map((found, place) => option(found, place, this.#language));
        const isNothing = options.length === 0;
        this.#list.replaceChildren(...(isNothing ? [element('li', 'search-nothing', texts.searchNothing)] : options));
        this.#list.hidden = false;
        this.#input.setAttribute('aria-expanded', String(!isNothing));
        this.#said.textContent = isNothing ? texts.searchNothing : texts.searchFound(options.length);
    }

    #close() {
        this.#list.hidden = true;
        this.#found = [];
        this.#active = -1;
        this.#said.textContent = '';
        this.#input.setAttribute('aria-expanded', 'false');
        this.#input.removeAttribute('aria-activedescendant');
    }

    /** @param {number} place beyond either end is the other one */
    #activate(place) {
        const all = this.#found.length;
        if (all === 0) return;
        this.#active = ((place % all) + all) % all;
        for (const [other, made] of [...this.#list.children].entries()) {
            made.setAttribute('aria-selected', String(other === this.#active));
        }
        const made = this.#list.children[this.#active];
        if (made === undefined) return;
        this.#input.setAttribute('aria-activedescendant', made.id);
        made.scrollIntoView({ block: 'nearest' });
    }

    /** @param {number} place */
    #take(place) {
        const found = this.#found[place];
        if (found === undefined) return;
        this.#input.value = '';
        this.#close();
        this.#choose(found);
    }
}

/**
 * @param {Found} found
 * @param {number} place
 * @param {Language} language
 */
function option({ kind, name, sign }, place, language) {
    const made = element(
        'li',
        'search-option',
        ...(sign === '' ? [] : [element('span', 'search-sign', sign)]),
        element('span', 'search-name', name),
        element('span', 'search-kind', TEXTS[language].searchKinds[kind]),
    );
    made.id = `search-${place}`;
    made.dataset['place'] = String(place);
    made.setAttribute('role', 'option');
    made.setAttribute('aria-selected', 'false');
    return made;
}
