/** What the colours, the fillings and the outlines of the map mean; drawn from the arrays that the map is drawn from. */

/** @import {Colour, Grade, Kind, Language, Ranking, ThemeGroup} from '../types.d.ts' */
/** @import {Overlay} from '../map/drawing.d.ts' */
import { element } from '../element.js';
import { times } from '../format.js';
import { marked } from '../marks/marks.js';
import { GRADES, STRENGTHS, css } from '../style.js';
import { TEXTS } from '../texts.js';
import { overlayLines } from './overlay.js';

/** @type {readonly Kind[]} */
const KINDS = Object.freeze(['acute', 'chronic']);
/** @type {readonly Grade[]} */
const SURENESS = Object.freeze(['confirmed', 'likely']);
/** @type {Colour} */
const NO_THEME = [82, 93, 104];

export class Legend {
    #element = element('details', 'legend');
    #title = element('summary', '');
    /** What lies beside the hotspots: shown first, as it was just chosen. */
    #besides = element('div', 'legend-overlay');
    #body = element('div', 'legend-body');
    /** @type {Overlay | null} */
    #overlay = null;
    /** @type {Language | null} */
    #language = null;

    constructor() {
        // The same bounds as in page.css, which says elsewhere how sure a hotspot is where the legend is folded.
        this.#element.open = window.matchMedia('(min-width: 1100px) and (min-height: 700px)').matches;
        this.#element.append(this.#title, this.#besides, this.#body);
    }

    get element() {
        return this.#element;
    }

    /** How far it reaches from the left side of the map, in pixels; nothing while it is folded. */
    get width_px() {
        return this.#element.open ? this.#element.offsetLeft + this.#element.offsetWidth : 0;
    }

    /**
     * @param {ThemeGroup[]} groups
     * @param {Ranking} ranking
     * @param {Language} language
     */
    show(groups, ranking, language) {
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
            element('p', '', texts.legendKind),
            element('ul', '', ...KINDS.map((kind) => kindLine(kind, colour, language))),
            element('p', '', texts.howSure),
            element('ul', '', ...SURENESS.map((grade) => gradeLine(grade, { colour, language, ranking }))),
        );
    }

    /**
     * @param {Overlay} overlay what is drawn beside the hotspots
     * @param {Language} language
     */
    overlay(overlay, language) {
        const before = this.#overlay;
        const isSame =
            before !== null &&
            language === this.#language &&
            before.figures === overlay.figures &&
            before.surface === overlay.surface &&
            before.before === overlay.before &&
            before.incidents === overlay.incidents;
        // A table that somebody reads is not made anew for nothing.
        if (isSame) return;
        const isUnfolded = this.#besides.querySelector('details')?.open === true;
        this.#overlay = overlay;
        this.#language = language;
        this.#besides.replaceChildren(...overlayLines(overlay, language));
        const table = this.#besides.querySelector('details');
        if (table !== null) table.open = isUnfolded;
        this.#element.classList.toggle('legend-besides', this.#besides.childElementCount > 0);
    }
}

/**
 * @param {Kind} kind
 * @param {Colour} colour
 * @param {Language} language
 */
function kindLine(kind, colour, language) {
    return element('li', '', marked('1', { kind, grade: 'confirmed', colour }), TEXTS[language].kinds[kind]);
}

/**
 * The look of a grade, and how often it errs; early editions tell no more than its name.
 *
 * @param {Grade} grade
 * @param {{colour: Colour, language: Language, ranking: Ranking}} how
 */
function gradeLine(grade, { colour, language, ranking }) {
    const swatch = element('span', `swatch swatch-${grade}`);
    swatch.style.setProperty('--theme', css(colour));
    swatch.style.backgroundColor = css(colour, 112 * GRADES[grade].fillShare);
    return element('li', 'legend-grade', swatch, ranking.grades?.[grade][language] ?? TEXTS[language].grades[grade]);
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
