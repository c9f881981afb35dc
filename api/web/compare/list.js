/** What differs between two weeks, in words. */

/** @import {Language, Row} from '../types.d.ts' */
/** @import {Difference} from './difference.js' */
import { button, element } from '../element.js';
import { placeName } from '../groups.js';
import { badge } from '../marks/marks.js';
import { TEXTS } from '../texts.js';
import { weekTitle } from '../weeks/name.js';
import { steps } from './difference.js';

/**
 * @typedef {object} Told
 * @property {(row: Row, isGone: boolean) => void} choose
 * @property {(id: string | null) => void} point
 * @property {() => void} stop
 */

/** @typedef {{earlier: string, later: string, difference: Difference, language: Language}} Compared */

export class DifferenceList {
    #element = element('section', 'differs');
    #told;

    /** @param {Told} told */
    constructor(told) {
        this.#told = told;
        this.#element.hidden = true;
    }

    get element() {
        return this.#element;
    }

    hide() {
        this.#element.hidden = true;
        this.#element.replaceChildren();
    }

    /** @param {Compared} compared */
    show({ earlier, later, difference, language }) {
        const texts = TEXTS[language];
        const heading = element('h2', '', texts.compared(weekTitle(later, language), weekTitle(earlier, language)));
        const stop = button('differs-stop', this.#told.stop, texts.compareStop);
        const up = difference.up.map((one) => ({ row: one.row, says: texts.up(steps(one)) }));
        const down = difference.down.map((one) => ({ row: one.row, says: texts.down(-steps(one)) }));
        const unmoved = (/** @type {readonly Row[]} */ rows) => rows.map((row) => ({ row, says: '' }));
        this.#element.setAttribute('aria-label', heading.textContent);
        this.#element.replaceChildren(
            element('div', 'differs-head', heading, stop),
            element('p', 'differs-sum', summary(difference, language)),
            ...this.#group(texts.differsNew, unmoved(difference.fresh), { language, isGone: false }),
            ...this.#group(texts.differsGone, unmoved(difference.gone), { language, isGone: true }),
            ...this.#group(texts.differsUp, up, { language, isGone: false }),
            ...this.#group(texts.differsDown, down, { language, isGone: false }),
        );
        this.#element.hidden = false;
    }

    /**
     * @param {string} title
     * @param {readonly {row: Row, says: string}[]} entries
     * @param {{language: Language, isGone: boolean}} how
     */
    #group(title, entries, how) {
        if (entries.length === 0) return [];
        const lines = entries.map(({ row, says }) => element('li', '', this.#line(row, says, how)));
        return [element('h3', '', title), element('ol', '', ...lines)];
    }

    /**
     * @param {Row} row
     * @param {string} says
     * @param {{language: Language, isGone: boolean}} how
     */
    #line(row, says, { language, isGone }) {
        const { id } = row.hotspot;
        const place = element('span', 'differs-place', placeName(row.hotspot, language));
        const line = button('differs-row', () => this.#told.choose(row, isGone), badge(row), place, element('small', '', says));
        line.dataset['id'] = id;
        for (const name of ['pointerenter', 'focus']) line.addEventListener(name, () => this.#told.point(id));
        for (const name of ['pointerleave', 'blur']) line.addEventListener(name, () => this.#told.point(null));
        return line;
    }
}

/**
 * @param {Difference} difference
 * @param {Language} language
 */
export function summary({ fresh, gone, up, down, same }, language) {
    const differs = TEXTS[language].differs;
    if (fresh.length + gone.length + up.length + down.length + same === 0) return differs.nothing;
    /** @type {[number, (n: number) => string][]} */
    const counts = [
        [fresh.length, differs.fresh],
        [gone.length, differs.gone],
        [up.length, differs.up],
        [down.length, differs.down],
        [same, differs.same],
    ];
    return `${counts.flatMap(([n, says]) => (n === 0 ? [] : [says(n)])).join(', ')}.`;
}
