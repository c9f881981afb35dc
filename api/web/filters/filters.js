/** What is asked for: theme, area, lifecycle, only what changed; and the line that says which of these are on. */

/** @import {FilterName, Language, Shown, ThemeGroup, View} from '../types.d.ts' */
import { button, element } from '../element.js';
import { number } from '../format.js';
import { together } from '../selection.js';
import { TEXTS } from '../texts.js';
import { areaGroups, areaLabel } from './areas.js';
import { Choice } from './choice.js';

/** Lifecycles that can be asked for, from what is new to what is over. */
const LIFECYCLES = Object.freeze(
    /** @type {const} */ ([
        ...['new', 'consecutive', 'intensifying', 'persistent', 'diminishing', 'sporadic', 'oscillating', 'historical'],
    ]),
);

/** @type {Readonly<Record<FilterName, Partial<View>>>} */
const OFF = Object.freeze({
    theme: { theme: null },
    area: { area: null },
    lifecycle: { lifecycle: null },
    changed: { changed: false },
});

export class Filters {
    #choose;
    #theme;
    #area;
    #lifecycle;
    #changed = element('input', '');
    #changedLabel = element('span', '');
    #fold = button('filters-fold', () => this.#toggle());
    #body = element('div', 'filters-body');
    #chips = element('ul', 'chips');
    #element;

    /**
     * @param {(changes: Partial<View>) => void} choose told what is asked for
     * @param {(term: string) => void} explain told what the reader does not know
     */
    constructor(choose, explain) {
        this.#choose = choose;
        this.#theme = new Choice((theme) => choose({ theme }));
        this.#area = new Choice((area) => choose({ area }));
        this.#lifecycle = new Choice((lifecycle) => choose({ lifecycle }), () => explain('lifecycle'));
        this.#changed.type = 'checkbox';
        this.#changed.addEventListener('change', () => choose({ changed: this.#changed.checked }));
        const changed = element('label', 'filter-check', this.#changed, this.#changedLabel);
        this.#body.id = 'filters';
        this.#body.append(this.#theme.element, this.#area.element, this.#lifecycle.element, changed);
        this.#fold.setAttribute('aria-controls', this.#body.id);
        this.#element = element('div', 'filters', this.#fold, this.#body, this.#chips);
        this.#open(false);
    }

    get element() {
        return this.#element;
    }

    /** @param {Shown} shown */
    show(shown) {
        const { language, view, selection } = shown;
        const texts = TEXTS[language];
        const many = selection.on.length;
        this.#fold.textContent = many === 0 ? texts.filters : `${texts.filters} (${number(many, language)})`;
        this.#fold.setAttribute('aria-label', texts.filtersOn(many));
        this.#body.setAttribute('role', 'group');
        this.#body.setAttribute('aria-label', texts.filters);
        this.#showTheme(selection.themes, view.theme, language);
        this.#area.show(texts.area, areaGroups(shown), areaValue(shown));
        this.#lifecycle.show(texts.lifecycle, [{ options: lifecycles(language) }], view.lifecycle, texts.helpAbout(texts.lifecycle));
        this.#changed.checked = view.changed;
        this.#changedLabel.textContent = texts.onlyChanged;
        this.#changedLabel.parentElement?.setAttribute('title', texts.onlyChangedWhy);
        this.#showChips(shown);
    }

    /**
     * @param {readonly ThemeGroup[]} themes
     * @param {string | null} chosen
     * @param {Language} language
     */
    #showTheme(themes, chosen, language) {
        const texts = TEXTS[language];
        const options = themes.map(({ theme, label, rows }) => ({
            value: theme,
            text: `${label} (${number(rows.length, language)})`,
        }));
        this.#theme.show(texts.theme, [{ options: [{ value: null, text: texts.allThemes }, ...options] }], chosen);
    }

    /** @param {Shown} shown */
    #showChips(shown) {
        const { selection, language } = shown;
        const texts = TEXTS[language];
        this.#chips.hidden = selection.on.length === 0;
        this.#chips.setAttribute('aria-label', texts.chips);
        const held = this.#chips.contains(document.activeElement);
        const chips = selection.on.map((name) => this.#chip(chipText(name, shown), OFF[name], language));
        if (chips.length > 1) chips.push(this.#clear(texts.clearAll));
        this.#chips.replaceChildren(...chips);
        // Whoever cleared a filter by keyboard is not thrown back to the top of the page.
        if (held) (this.#chips.querySelector('button') ?? this.#first())?.focus();
    }

    #first() {
        return this.#fold.offsetParent === null ? this.#theme.select : this.#fold;
    }

    /**
     * @param {string} text
     * @param {Partial<View>} off
     * @param {Language} language
     */
    #chip(text, off, language) {
        const cross = element('span', 'chip-cross', '×');
        cross.setAttribute('aria-hidden', 'true');
        const made = button('chip', () => this.#choose(off), element('span', 'chip-text', text), cross);
        made.setAttribute('aria-label', TEXTS[language].clearFilter(text));
        return element('li', '', made);
    }

    /** @param {string} text */
    #clear(text) {
        const all = Object.assign({}, ...Object.values(OFF));
        return element('li', '', button('chip chip-all', () => this.#choose(all), text));
    }

    #toggle() {
        this.#open(this.#fold.getAttribute('aria-expanded') !== 'true');
    }

    /** @param {boolean} isOpen matters on small screens alone: elsewhere there is room for all */
    #open(isOpen) {
        this.#fold.setAttribute('aria-expanded', String(isOpen));
        this.#body.classList.toggle('filters-open', isOpen);
    }
}

/** @param {Language} language */
function lifecycles(language) {
    const texts = TEXTS[language];
    const options = LIFECYCLES.map((name) => ({
        value: /** @type {string | null} */ (name),
        text: capital(texts.lifecycles[name]),
        title: texts.lifecyclesWhy[name],
    }));
    return [{ value: null, text: texts.anyLifecycle }, ...options];
}

/** @param {Shown} shown */
function areaValue({ view, me }) {
    if (view.area === null) return null;
    // The same areas in another order are the same choice.
    const mine = (me?.areas ?? []).map(({ code }) => code);
    return together(view.area.split(',')) === together(mine) ? together(mine) : view.area;
}

/**
 * @param {FilterName} name
 * @param {Shown} shown
 */
function chipText(name, shown) {
    const texts = TEXTS[shown.language];
    const { theme, lifecycle } = shown.view;
    if (name === 'theme') return shown.selection.themes.find((group) => group.theme === theme)?.label ?? texts.theme;
    if (name === 'area') return areaLabel(shown);
    if (name === 'changed') return texts.onlyChanged;
    return capital(texts.lifecycles[/** @type {keyof typeof texts.lifecycles} */ (lifecycle)] ?? texts.lifecycle);
}

/** @param {string} text */
function capital(text) {
    return text.charAt(0).toUpperCase() + text.slice(1);
}
