/** Which theme: all of them, or one. */

/** @import {Language, ThemeGroup} from '../types.d.ts' */
import { element } from '../element.js';
import { number } from '../format.js';
import { TEXTS } from '../texts.js';

export class ThemePicker {
    #select = element('select', '');
    #label = element('span', 'field-label');
    #element = element('div', 'field', element('label', 'field-main', this.#label, this.#select));

    /** @param {(theme: string | null) => void} choose told the theme, or null for all */
    constructor(choose) {
        this.#select.addEventListener('change', () => choose(this.#select.value === '' ? null : this.#select.value));
    }

    get element() {
        return this.#element;
    }

    /**
     * @param {ThemeGroup[]} groups all themes of the week
     * @param {string | null} chosen
     * @param {Language} language
     */
    show(groups, chosen, language) {
        const texts = TEXTS[language];
        this.#label.textContent = texts.theme;
        this.#select.replaceChildren(
            new Option(texts.allThemes, ''),
            ...groups.map(({ theme, label, rows }) => new Option(`${label} (${number(rows.length, language)})`, theme)),
        );
        this.#select.value = chosen ?? '';
    }
}
