/** Every term of the page in one sentence. */

/** @import {Language} from '../types.d.ts' */
import { button, element } from '../element.js';
import { TEXTS } from '../texts.js';

/** @typedef {keyof typeof TEXTS.nl.helpTerms} Term */
/** @typedef {keyof typeof TEXTS.nl.lifecyclesWhy} Lifecycle */

/** In which group a term stands, in the order in which a reader meets them. */
const GROUPS = Object.freeze(
    /** @type {const} */ ({
        list: ['hotspot', 'week', 'theme', 'acute', 'chronic', 'rank', 'movement', 'changed'],
        sure: ['confirmed', 'likely', 'rank_interval', 'too_little', 'no_hotspots', 'caveat'],
        numbers: ['observed', 'expected', 'relative_risk', 'peak', 'hit_rate'],
        form: ['hot_dot', 'hot_line', 'hot_area', 'pile_up', 'footprint', 'density', 'rate'],
        course: [],
        data: ['completeness', 'edition', 'level'],
    }),
);

export class Help {
    #title = element('h2', 'help-title');
    #intro = element('p', 'help-intro');
    #close = button('help-close', () => this.#dialog.close(), '×');
    #body = element('div', 'help-body');
    #dialog = element('dialog', 'help', element('div', 'help-head', this.#title, this.#close), this.#intro, this.#body);
    /** @type {Language | null} */
    #language = null;

    constructor() {
        this.#title.id = 'help-title';
        this.#body.tabIndex = 0;
        this.#dialog.setAttribute('aria-labelledby', this.#title.id);
        this.#body.setAttribute('role', 'region');
        this.#body.setAttribute('aria-labelledby', this.#title.id);
        // A press beside the dialog closes it.
        this.#dialog.addEventListener('click', ({ target }) => {
            if (target === this.#dialog) this.#dialog.close();
        });
    }

    get element() {
        return this.#dialog;
    }

    /** @param {Language} language */
    show(language) {
        if (language === this.#language) return;
        this.#language = language;
        const texts = TEXTS[language];
        this.#title.textContent = texts.help;
        this.#intro.textContent = texts.helpIntro;
        this.#close.setAttribute('aria-label', texts.closeHelp);
        this.#body.replaceChildren(
            ...Object.entries(GROUPS).flatMap(([group, terms]) => [
                element('h3', '', texts.helpGroups[/** @type {keyof typeof GROUPS} */ (group)]),
                element('dl', '', ...(group === 'course' ? course(language) : terms.flatMap((term) => explained(term, language)))),
            ]),
        );
    }

    /**
     * Open at a term, or at the top.
     *
     * @param {string} [term]
     */
    open(term) {
        this.#dialog.showModal();
        for (const made of this.#body.querySelectorAll('.help-found')) made.classList.remove('help-found');
        const found = term === undefined ? null : this.#body.querySelector(`[data-term="${CSS.escape(term)}"]`);
        if (found === null) {
            this.#body.scrollTop = 0;
            return;
        }
        found.classList.add('help-found');
        found.scrollIntoView({ block: 'center' });
    }
}

/**
 * @param {Term} term
 * @param {Language} language
 */
function explained(term, language) {
    const { term: name, means } = TEXTS[language].helpTerms[term];
    return [line(term, name, means)];
}

/**
 * The lifecycle first, then each of its words.
 *
 * @param {Language} language
 */
function course(language) {
    const texts = TEXTS[language];
    const words = /** @type {Lifecycle[]} */ (Object.keys(texts.lifecyclesWhy));
    return [
        line('lifecycle', texts.lifecycle, texts.lifecycleMeans),
        ...words.map((word) => line(`lifecycle-${word}`, texts.lifecycles[word], texts.lifecyclesWhy[word])),
    ];
}

/**
 * @param {string} key
 * @param {string} name
 * @param {string} means
 */
function line(key, name, means) {
    const made = element('div', 'help-term', element('dt', '', name), element('dd', '', means));
    made.dataset['term'] = key;
    return made;
}
