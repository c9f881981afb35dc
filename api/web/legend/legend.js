/** What the colours, the fillings and the outlines of the map mean. */

/** @import {Colour, Language, ThemeGroup} from '../types.d.ts' */
import { element } from '../element.js';
import { times } from '../format.js';
import { STRENGTHS, css } from '../style.js';
import { TEXTS } from '../texts.js';

/** @type {Colour} */
const NO_THEME = [82, 93, 104];

export class Legend {
    #element = element('details', 'legend');
    #title = element('summary', '');
    #body = element('div', 'legend-body');

    constructor() {
        this.#element.open = window.matchMedia('(min-width: 760px)').matches;
        this.#element.append(this.#title, this.#body);
    }

    get element() {
        return this.#element;
    }

    /**
     * @param {ThemeGroup[]} groups
     * @param {Language} language
     */
    show(groups, language) {
        const texts = TEXTS[language];
        this.#title.textContent = texts.legend;
        const drawn = groups.filter(({ rows }) => rows.length > 0);
        const colour = groups.length === 1 && groups[0] !== undefined ? groups[0].colour : NO_THEME;
        const steps = STRENGTHS.map((step, place) => {
            const swatch = element('span', 'swatch');
            swatch.style.backgroundColor = css(colour, step.fillAlpha);
            swatch.style.border = `${step.line_px}px solid ${css(colour)}`;
            return element('li', '', swatch, stepName(place, language));
        });
        this.#body.replaceChildren(
            ...(groups.length > 1 && drawn.length > 0 ? [element('ul', '', ...drawn.map(themeLine))] : []),
            element('p', '', texts.legendStrength),
            element('ul', '', ...steps),
        );
    }
}

/** @param {ThemeGroup} group */
function themeLine({ letter, label, colour }) {
    const sign = element('span', 'letter', letter);
    sign.style.backgroundColor = css(colour);
    return element('li', '', sign, label);
}

/**
 * @param {number} place in STRENGTHS
 * @param {Language} language
 */
function stepName(place, language) {
    const texts = TEXTS[language];
    const from = times(STRENGTHS[place]?.from ?? 0, language);
    const next = STRENGTHS[place + 1];
    if (next === undefined) return texts.atLeast(from);
    const to = times(next.from, language);
    return place === 0 ? texts.upTo(to) : texts.between(from, to);
}
