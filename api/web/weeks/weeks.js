/** Which week: one select, one step back, one step on. */

/** @import {Edition, Language} from '../types.d.ts' */
import { button, element } from '../element.js';
import { mondayOf, period, sundayOf } from '../format.js';
import { TEXTS } from '../texts.js';

export class WeekPicker {
    #select = element('select', '');
    #label = element('span', 'field-label');
    #back = button('step', () => this.#step(1), '‹');
    #on = button('step', () => this.#step(-1), '›');
    #element = element(
        'div',
        'field',
        element('label', 'field-main', this.#label, this.#select),
        element('div', 'steps', this.#back, this.#on),
    );
    #choose;

    /** @param {(week: string) => void} choose */
    constructor(choose) {
        this.#choose = choose;
        this.#select.addEventListener('change', () => choose(this.#select.value));
    }

    get element() {
        return this.#element;
    }

    /**
     * @param {readonly Edition[]} weeks latest first
     * @param {string} chosen
     * @param {Language} language
     */
    show(weeks, chosen, language) {
        const texts = TEXTS[language];
        this.#label.textContent = texts.week;
        this.#back.setAttribute('aria-label', texts.weekBefore);
        this.#on.setAttribute('aria-label', texts.weekAfter);
        const options = weeks.map(({ week }) => {
            const days = period(mondayOf(week), sundayOf(week), language);
            return new Option(texts.weekName(String(Number(week.slice(6))), days), week);
        });
        this.#select.replaceChildren(...options);
        this.#select.value = chosen;
        this.#back.disabled = this.#select.selectedIndex >= weeks.length - 1;
        this.#on.disabled = this.#select.selectedIndex <= 0;
    }

    /** @param {number} places down the list, which has the latest week first */
    #step(places) {
        const option = this.#select.options[this.#select.selectedIndex + places];
        if (option === undefined) return;
        const pressed = places > 0 ? this.#back : this.#on;
        this.#choose(option.value);
        // A button that is switched off loses the focus; the select beside it takes over.
        if (pressed.disabled) this.#select.focus();
    }
}
