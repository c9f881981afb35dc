/** One row of the list: made once, told anew what it shows. */

/** @import {Hotspot, Language, Row} from '../types.d.ts' */
import { element } from '../element.js';
import { expectedCount, number, times } from '../format.js';
import { movement, placeName } from '../groups.js';
import { css } from '../style.js';
import { TEXTS } from '../texts.js';
import { peakText } from './peak.js';

/**
 * @typedef {{language: Language, compared: boolean, changed: boolean, last: number}} How `changed`: what changed is asked
 *     for; `last`: the last place of the longest scale
 */

const ARROWS = Object.freeze({ up: '▲', down: '▼', same: '=', lasting: '=', new: '', back: '' });

export class RowView {
    #sign = element('span', '');
    #name = document.createTextNode('');
    #others = element('span', '');
    #othersSaid = element('span', 'unseen');
    #more = element('span', 'row-more', this.#others, this.#othersSaid);
    #counts = element('span', 'row-counts');
    #facts = element('span', 'row-facts');
    #risk = element('span', 'row-risk');
    #moved = new Moved();
    #interval = new Interval();
    button = element('button', 'row');
    element = element('div', '');
    /** @type {Row | null} */
    #row = null;
    #how = '';

    constructor() {
        const name = element('span', 'row-name', this.#name, this.#more);
        this.#others.setAttribute('aria-hidden', 'true');
        const aside = element('span', 'row-aside', this.#risk, this.#moved.element, this.#interval.element);
        this.button.type = 'button';
        this.button.append(this.#sign, element('span', 'row-middle', name, this.#counts, this.#facts), aside);
        this.element.setAttribute('role', 'listitem');
        this.element.append(this.button);
    }

    /**
     * @param {Row} row
     * @param {How} how
     */
    show(row, how) {
        const { language, compared, changed, last } = how;
        const key = `${language} ${compared} ${changed} ${last} ${row.sign}`;
        // Most rows are those of a moment ago, when only a filter was changed.
        if (this.#row?.hotspot === row.hotspot && this.#how === key) return;
        this.#row = row;
        this.#how = key;
        const { hotspot, sign, colour } = row;
        const texts = TEXTS[language];
        this.button.dataset['id'] = hotspot.id;
        this.button.classList.toggle('row-likely', hotspot.grade === 'likely');
        this.#sign.className = `badge badge-${hotspot.kind} badge-${hotspot.grade}`;
        this.#sign.style.setProperty('--theme', css(colour));
        write(this.#sign, sign);
        this.#name.data = placeName(hotspot, language);
        const others = hotspot.neighbourhoods.length - 1;
        write(this.#others, others > 0 ? ` +${others}` : '');
        write(this.#othersSaid, others > 0 ? ` ${texts.andMore(others)}` : '');
        this.#more.title = others > 0 ? texts.andMore(others) : '';
        write(this.#counts, counts(hotspot, language));
        this.#facts.replaceChildren(...facts(hotspot, how));
        write(this.#risk, hotspot.relative_risk === null ? '' : times(hotspot.relative_risk, language));
        this.#risk.title = hotspot.relative_risk === null ? '' : texts.timesExpected(times(hotspot.relative_risk, language));
        this.#moved.show(hotspot, how);
        this.#interval.show(hotspot, how);
    }
}

/**
 * @param {HTMLElement} made
 * @param {string} text
 */
function write(made, text) {
    if (made.textContent !== text) made.textContent = text;
}

/**
 * Counted against expected, as far as the level is told.
 *
 * @param {Hotspot} hotspot
 * @param {Language} language
 */
function counts({ observed, expected }, language) {
    const texts = TEXTS[language];
    if (observed === null) return '';
    const counted = texts.incidents(number(observed, language));
    return expected === null ? counted : `${counted}, ${texts.expectedCount(expectedCount(expected, language))}`;
}

/**
 * How sure if it is not, what it has been doing, when to be there, and what to mind.
 *
 * @param {Hotspot} hotspot
 * @param {How} how
 */
function facts({ grade, lifecycle, peak, pile_up, observed, previous_observed }, { language, changed }) {
    const texts = TEXTS[language];
    /** @type {HTMLElement[]} */
    const said = [];
    if (grade === 'likely') said.push(element('span', 'fact fact-likely', texts.grades.likely));
    if (changed && previous_observed !== null && previous_observed !== observed) {
        said.push(element('span', 'fact', texts.countBefore(number(previous_observed, language))));
    }
    if (lifecycle !== null && lifecycle !== 'none') {
        const word = element('span', 'fact', texts.lifecycles[lifecycle]);
        word.title = texts.lifecyclesWhy[lifecycle];
        said.push(word);
    }
    if (peak !== null) {
        const hours = peakText(peak, language);
        const made = element('span', 'fact fact-peak', hours);
        made.title = texts.peakLong(hours);
        said.push(made);
    }
    if (pile_up) said.push(element('span', 'tag tag-pile', texts.pileShort));
    return said;
}

/** How it moved since last week. */
class Moved {
    #sign = element('span', '');
    #said = element('span', 'unseen');
    element = element('span', 'moved', this.#sign, this.#said);

    constructor() {
        this.#sign.setAttribute('aria-hidden', 'true');
    }

    /**
     * @param {Hotspot} hotspot
     * @param {How} how
     */
    show(hotspot, { language, compared }) {
        this.element.hidden = !compared;
        if (!compared) return;
        const texts = TEXTS[language];
        const how = movement(hotspot);
        const places = Math.abs((hotspot.previous_rank ?? hotspot.rank) - hotspot.rank);
        const said = {
            new: texts.isNew,
            back: texts.isBackLong,
            up: texts.up(places),
            down: texts.down(places),
            same: texts.same,
            lasting: texts.lasting,
        }[how];
        const steps = how === 'lasting' || places === 0 ? '' : ` ${places}`;
        const words = { new: texts.isNew, back: texts.isBack };
        this.element.className = `moved moved-${how}`;
        this.element.title = said;
        write(this.#sign, how === 'new' || how === 'back' ? words[how] : `${ARROWS[how]}${steps}`);
        write(this.#said, said);
    }
}

/** Between which ranks it truly is, as a bar on the scale of its theme; or that there are too few data to say. */
class Interval {
    #span = element('span', 'interval-span');
    #rank = element('span', 'interval-rank');
    #text = element('span', 'interval-text');
    #said = element('span', 'unseen');
    element;

    constructor() {
        const track = element('span', 'interval-track', this.#span, this.#rank);
        for (const one of [track, this.#text]) one.setAttribute('aria-hidden', 'true');
        this.element = element('span', 'row-rank', track, this.#text, this.#said);
    }

    /**
     * @param {Hotspot} hotspot
     * @param {How} how
     */
    show({ rank, rank_lower, rank_upper, too_little_data }, { language, last }) {
        const texts = TEXTS[language];
        const isTold = rank_lower !== null && rank_upper !== null;
        this.element.hidden = !isTold && !too_little_data;
        if (this.element.hidden) return;
        const isFirm = isTold && !too_little_data;
        const [lower, upper] = isFirm ? [rank_lower, rank_upper] : [1, last];
        const from = share(lower, last);
        this.element.classList.toggle('row-rank-unsure', !isFirm);
        this.#span.style.left = percent(from);
        this.#span.style.right = percent(1 - share(upper, last));
        this.#rank.style.left = percent(share(rank, last));
        const [one, other] = [number(lower, language), number(upper, language)];
        write(this.#text, isFirm ? (one === other ? one : `${one}–${other}`) : '?');
        const said = isFirm ? texts.rankInterval(one, other) : texts.rankUnsure;
        write(this.#said, said);
        this.element.title = isFirm ? `${said}. ${texts.rankIntervalWhy}` : said;
    }
}

/**
 * Where a place lies on the scale, from 0 for the first to 1 for the last.
 *
 * @param {number} place
 * @param {number} last
 */
export function share(place, last) {
    return last <= 1 ? 0 : Math.min(1, Math.max(0, (place - 1) / (last - 1)));
}

/** @param {number} part */
function percent(part) {
    return `${(100 * part).toFixed(1)}%`;
}
