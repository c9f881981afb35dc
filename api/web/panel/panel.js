/** Why one hotspot is a hotspot, in numbers and in plain words. */

/** @import {Language, Ranking, Row} from '../types.d.ts' */
import { button, element } from '../element.js';
import { expectedCount, number, percentage, period, pValue, times } from '../format.js';
import { labelOf, placeName } from '../groups.js';
import { badge, tags } from '../marks/marks.js';
import { css } from '../style.js';
import { TEXTS } from '../texts.js';

/** @typedef {{language: Language, ranking: Ranking, theme: string, compared: boolean, href: string}} Context */

export class HotspotPanel {
    #element = element('section', 'panel');
    #close;
    /** @type {HTMLHeadingElement | null} */
    #heading = null;

    /** @param {() => void} close told that the reader is done */
    constructor(close) {
        this.#close = close;
        this.#element.hidden = true;
        this.#element.addEventListener('keydown', ({ key }) => {
            if (key === 'Escape') close();
        });
    }

    get element() {
        return this.#element;
    }

    hide() {
        this.#element.hidden = true;
        this.#element.replaceChildren();
    }

    focus() {
        this.#heading?.focus();
    }

    /**
     * @param {Row} row
     * @param {Context} context
     */
    show(row, context) {
        const texts = TEXTS[context.language];
        const { hotspot } = row;
        this.#element.setAttribute('aria-label', `${row.sign} ${placeName(hotspot, context.language)}`);
        this.#element.replaceChildren(
            this.#head(row, context),
            comparison(row, context.language),
            ...pileUp(row, context.language),
            ...caveats(row, context.language),
            element('h3', '', texts.why),
            evidence(row, context),
            ...told(texts.whatChanged, hotspot.what_changed?.[context.language]),
            ...told(texts.when, hotspot.hot_times?.said[context.language]),
            ...judged(row, context),
            element('h3', '', texts.neighbourhoods),
            shares(row, context.language),
            ...subthemes(row, context),
            link(texts.geojson, context.href),
        );
        this.#element.hidden = false;
        this.#element.scrollTop = 0;
    }

    /**
     * @param {Row} row
     * @param {Context} context
     */
    #head(row, { language, theme }) {
        const { hotspot } = row;
        const texts = TEXTS[language];
        const mark = badge(row);
        mark.setAttribute('aria-hidden', 'true');
        const heading = element('h2', '', placeName(hotspot, language));
        heading.tabIndex = -1;
        this.#heading = heading;
        const close = button('panel-close', () => this.#close(), '×');
        close.setAttribute('aria-label', texts.close);
        const when = period(hotspot.window_start, hotspot.window_end, language);
        return element(
            'div',
            'panel-head',
            mark,
            element(
                'div',
                'panel-title',
                heading,
                element('p', '', texts.rankOf(number(hotspot.rank, language), theme)),
                element('p', '', when),
                tags(hotspot, language),
            ),
            close,
        );
    }
}

/**
 * Counted and expected as two bars on one scale.
 *
 * @param {Row} row
 * @param {Language} language
 */
function comparison({ hotspot: { observed, expected, relative_risk }, colour }, language) {
    const texts = TEXTS[language];
    const most = Math.max(observed, expected ?? 0, 1);
    const ratio = relative_risk === null ? texts.unexpected : texts.timesExpected(times(relative_risk, language));
    /**
     * @param {string} name
     * @param {number} value
     * @param {string} shown
     * @param {string} paint
     */
    const line = (name, value, shown, paint) => {
        const filled = element('span', 'compare-bar');
        filled.style.width = `${(100 * value) / most}%`;
        filled.style.backgroundColor = paint;
        return [element('dt', '', name), element('dd', '', element('span', 'compare-track', filled), shown)];
    };
    return element(
        'div',
        'compare',
        element('p', 'compare-times', ratio),
        element(
            'dl',
            '',
            ...line(texts.observed, observed, number(observed, language), css(colour)),
            ...line(texts.expected, expected ?? 0, expectedCount(expected, language), 'var(--quiet)'),
        ),
    );
}

/**
 * In the words of the list; of an early edition, which has none, in our own.
 *
 * @param {Row} row
 * @param {Context} context
 */
function evidence(row, context) {
    const { why, p_value } = row.hotspot;
    const { language } = context;
    const said = why?.[language] ?? [];
    if (said.length === 0) return ownWords(row, context);
    const lines = said.map((sentence) => element('li', '', sentence));
    if (p_value !== null) lines[0]?.append(' ', element('span', 'panel-p', TEXTS[language].pValue(pValue(p_value, language))));
    return element('ul', 'panel-evidence', ...lines);
}

/**
 * @param {Row} row
 * @param {Context} context
 */
function ownWords({ hotspot }, { language, ranking, compared }) {
    const texts = TEXTS[language];
    const { kind, observed, expected, recurrence_weeks, p_value, baseline, places, previous_rank } = hotspot;
    const isChronic = kind === 'chronic';
    const [counted, compare] = isChronic ? [texts.countsAround, texts.around] : [texts.counts, texts.baseline];
    const sentences = [
        counted(number(observed, language), expectedCount(expected, language)),
        compare(texts.incidents(number(baseline, language))),
        texts.places(number(places, language)),
    ].map((sentence) => element('li', '', sentence));
    if (recurrence_weeks !== null && p_value !== null) {
        const replicates = ranking.parameters['replicates'];
        // No replicate was as extreme: the search cannot tell how much rarer it is.
        const least = replicates !== undefined && p_value <= 1.0001 / (replicates + 1);
        const weeks = number(Math.round(recurrence_weeks), language);
        const chance = element('li', '', `${(least ? texts.chanceAtLeast : texts.chance)(weeks)} `);
        chance.append(element('span', 'panel-p', texts.pValue(pValue(p_value, language))));
        sentences.splice(1, 0, chance);
    }
    if (compared) {
        const listed = isChronic ? texts.lastingLong : texts.wasRank(previous_rank ?? 0);
        const before = previous_rank === null ? texts.isNewLong : listed;
        sentences.push(element('li', '', before));
    }
    return element('ul', 'panel-evidence', ...sentences);
}

/**
 * What its kind and its grade mean, the error rate included, and what its form is.
 *
 * @param {Row} row
 * @param {Context} context
 */
function judged({ hotspot: { kind, grade, form } }, { language, ranking }) {
    const texts = TEXTS[language];
    const said = [ranking.grades?.[grade][language], ranking.kinds?.[kind][language], texts.formsWhy[form]];
    const lines = said.filter((one) => one !== undefined).map((one) => element('li', '', one));
    return [element('h3', '', texts.howSure), element('ul', 'panel-evidence', ...lines)];
}

/**
 * @param {Row} row
 * @param {Language} language
 */
function pileUp({ hotspot: { pile_up, largest_pile_up, observed } }, language) {
    if (!pile_up) return [];
    const texts = TEXTS[language];
    const why = texts.pileUpWhy(number(largest_pile_up, language), number(observed, language));
    return [element('div', 'panel-mind', element('strong', '', texts.pileUp), element('p', '', why))];
}

/**
 * What to think of before going there; that it is a pile stands above with its numbers.
 *
 * @param {Row} row
 * @param {Language} language
 */
function caveats({ hotspot }, language) {
    const texts = TEXTS[language];
    const others = (hotspot.caveats ?? []).filter((caveat) => caveat !== 'pile_up' || !hotspot.pile_up);
    if (others.length === 0) return [];
    const lines = others.map((caveat) => element('p', '', texts.caveats[caveat]));
    return [element('div', 'panel-mind', element('strong', '', texts.mind), ...lines)];
}

/**
 * A sentence under a heading, where there is one.
 *
 * @param {string} heading
 * @param {string | undefined} sentence
 */
function told(heading, sentence) {
    if (sentence === undefined) return [];
    return [element('h3', '', heading), element('p', 'panel-said', sentence)];
}

/**
 * @param {Row} row
 * @param {Language} language
 */
function shares({ hotspot: { neighbourhoods } }, language) {
    const lines = neighbourhoods.map(({ name, share }) =>
        element('li', '', element('span', '', name), element('span', 'figure', percentage(share, language))),
    );
    return element('ul', 'panel-lines', ...lines);
}

/**
 * @param {Row} row
 * @param {Context} context
 */
function subthemes({ hotspot }, { language, ranking }) {
    const counts = Object.entries(hotspot.subthemes).sort(([, one], [, other]) => other - one);
    if (counts.length === 0) return [];
    const lines = counts.map(([name, count]) =>
        element(
            'li',
            '',
            element('span', '', labelOf(name, language, ranking.labels[name])),
            element('span', 'figure', number(count, language)),
        ),
    );
    return [element('h3', '', TEXTS[language].subthemes), element('ul', 'panel-lines', ...lines)];
}

/**
 * @param {string} text
 * @param {string} href
 */
function link(text, href) {
    const made = element('a', '', text);
    made.href = href;
    return element('p', 'panel-link', made);
}
