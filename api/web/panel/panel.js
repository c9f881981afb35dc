/** Why one hotspot is a hotspot: at once what the list knows, then all that the service tells. */

/** @import {Row} from '../types.d.ts' */
/** @import {Context, Evidence, File, Filled, NotesFilled} from './types.js' */
import { button, element } from '../element.js';
import { number, period } from '../format.js';
import { placeName } from '../groups.js';
import { hoursOfWeek } from '../hours/hours.js';
import { badge, tags } from '../marks/marks.js';
import { Notes } from '../notes/notes.js';
import { css } from '../style.js';
import { TEXTS } from '../texts.js';
import { against, rankBar } from './against.js';
import { whatChanged } from './change.js';
import { lifecycle, year } from './course.js';
import { caveats, evidenceLines } from './evidence.js';
import { files, listedWeeks, makeUp } from './tail.js';
import { judged, why } from './why.js';

/**
 * @typedef {object} Heard
 * @property {() => void} close the reader is done
 * @property {() => void} again the evidence is to be asked for once more
 * @property {(id: string) => void} open another hotspot is chosen
 * @property {(file: File) => void} save
 * @property {import('../notes/notes.js').Heard} notes
 */

/** @typedef {{row: Row, context: Context, last: number, filled: Filled, notes: NotesFilled, saves: boolean, now_ms: number}} Told */

export class HotspotPanel {
    #element = element('section', 'panel');
    #head = element('div', 'panel-head');
    #facts = element('div', 'panel-facts');
    #body = element('div', 'panel-body');
    #tail = element('div', 'panel-tail');
    #said = element('p', 'panel-status');
    #heard;
    #notes;
    /** @type {HTMLHeadingElement | null} */
    #heading = null;
    /** What is drawn: the same is not drawn again, so that nobody who reads or types is disturbed. @type {unknown[]} */
    #drawn = [];
    #shownId = '';

    /**
     * @param {import('../notes/drafts.js').Drafts} drafts
     * @param {Heard} heard
     */
    constructor(drafts, heard) {
        this.#heard = heard;
        this.#notes = new Notes(drafts, heard.notes);
        this.#said.setAttribute('role', 'status');
        this.#element.append(this.#head, this.#facts, this.#said, this.#body, this.#notes.element, this.#tail);
        this.#element.hidden = true;
        this.#element.addEventListener('keydown', ({ key, defaultPrevented }) => {
            if (key === 'Escape' && !defaultPrevented) heard.close();
        });
    }

    get element() {
        return this.#element;
    }

    get notes() {
        return this.#notes;
    }

    hide() {
        this.#element.hidden = true;
        this.#shownId = '';
        this.#drawn = [];
        this.#head.replaceChildren();
        this.#facts.replaceChildren();
        this.#body.replaceChildren();
        this.#tail.replaceChildren();
    }

    focus() {
        this.#heading?.focus();
    }

    /** @param {Told} told */
    show(told) {
        const { row, context, filled, notes } = told;
        const { hotspot } = row;
        const isOther = this.#shownId !== hotspot.id;
        this.#shownId = hotspot.id;
        this.#element.hidden = false;
        this.#element.style.setProperty('--theme', css(row.colour));
        this.#element.setAttribute('aria-label', `${row.sign} ${placeName(hotspot, context.language)}`);
        const drawn = [row.sign, hotspot, context.language, context.ranking, context.me, filled, told.saves];
        if (drawn.some((part, place) => part !== this.#drawn[place])) {
            this.#drawn = drawn;
            this.#draw(told);
        }
        this.#notes.show({
            ...{ id: hotspot.id, language: context.language, me: context.me, filled: notes, now_ms: told.now_ms },
        });
        if (isOther) this.#element.scrollTop = 0;
    }

    /** @param {Told} told */
    #draw(told) {
        const { row, context, filled, last, saves } = told;
        const texts = TEXTS[context.language];
        const hadFocus = this.#heading !== null && document.activeElement === this.#heading;
        this.#head.replaceChildren(...this.#top(row, context));
        if (hadFocus) this.focus();
        const evidence = filled.state === 'told' ? filled.detail.evidence : null;
        this.#said.textContent = filled.state === 'loading' ? texts.detailLoading : '';
        this.#body.replaceChildren(
            ...(evidence === null ? this.#meanwhile(told) : this.#evidence(evidence, told)),
        );
        this.#tail.replaceChildren(
            ...(filled.state === 'told' ? listedWeeks(filled.detail, context) : []),
            ...files(context, saves ? this.#heard.save : null),
            ...(evidence === null ? rankBar(row.hotspot, last, row.colour, context.language) : []),
        );
    }

    /**
     * What the list knows, while the rest is on its way or could not be had.
     *
     * @param {Told} told
     */
    #meanwhile({ row, context, filled }) {
        const { language } = context;
        const texts = TEXTS[language];
        const failed =
            filled.state === 'failed'
                ? [
                      element(
                          'div',
                          'panel-failed',
                          element('p', 'panel-said', `${texts.detailFailed} ${filled.message}`),
                          button('panel-again', () => this.#heard.again(), texts.retry),
                      ),
                  ]
                : [element('div', 'panel-waiting')];
        return [
            ...against(row.hotspot, row.colour, language),
            ...failed,
            ...caveats({ ...row.hotspot, pile_up: false }, language),
        ];
    }

    /**
     * @param {Evidence} evidence
     * @param {Told} told
     */
    #evidence(evidence, { row, context, filled, last }) {
        const { language } = context;
        const texts = TEXTS[language];
        if (filled.state !== 'told') return [];
        const { hot_times } = evidence;
        return [
            ...why(evidence, context),
            ...whatChanged(evidence, context),
            ...(evidence.observed === undefined ? [] : [element('h3', '', texts.againstTitle)]),
            ...against(evidence, row.colour, language),
            ...year(filled.detail, context),
            ...(hot_times === null || hot_times === undefined
                ? []
                : [element('h3', '', texts.when), hoursOfWeek(hot_times, language)]),
            ...lifecycle(filled.detail, context),
            ...evidenceLines(evidence, context, this.#heard.open),
            ...caveats(evidence, language),
            ...judged(row.hotspot, context),
            ...makeUp(evidence, context),
            ...rankBar(evidence, last, row.colour, language),
            ...untold(evidence, context),
        ];
    }

    /**
     * @param {Row} row
     * @param {Context} context
     */
    #top(row, { language, theme }) {
        this.#facts.replaceChildren(...facts(row, theme, language));
        const { hotspot } = row;
        const texts = TEXTS[language];
        const mark = badge(row);
        mark.setAttribute('aria-hidden', 'true');
        const heading = element('h2', '', placeName(hotspot, language));
        heading.tabIndex = -1;
        this.#heading = heading;
        const close = button('panel-close', () => this.#heard.close(), '×');
        close.setAttribute('aria-label', texts.close);
        return [mark, heading, close];
    }
}

/**
 * Which list it stands in, of which weeks, and how sure it is.
 *
 * @param {Row} row
 * @param {string} theme
 * @param {import('../types.d.ts').Language} language
 */
function facts({ hotspot }, theme, language) {
    const rank = TEXTS[language].rankOf(number(hotspot.rank, language), theme);
    const when = period(hotspot.window_start, hotspot.window_end, language);
    return [element('p', '', rank), element('p', '', when), tags(hotspot, language)];
}

/**
 * That something is not told, and why: the level, or an edition from before it was.
 *
 * @param {Evidence} evidence
 * @param {Context} context
 */
function untold(evidence, { language, me }) {
    if (evidence.weekly_counts != null && evidence.hot_times != null) return [];
    const texts = TEXTS[language];
    const isLower = me !== null && me.level !== 'internal';
    return [element('p', 'panel-untold', isLower ? texts.levelUntold : texts.editionUntold)];
}
