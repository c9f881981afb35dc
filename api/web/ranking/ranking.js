/** The ranked list: the readable twin of the map. Of a long list the first rows are drawn at once, the others in slices. */

/** @import {Language, Row, ThemeGroup} from '../types.d.ts' */
/** @import {How} from './row.js' */
import { element } from '../element.js';
import { number } from '../format.js';
import { byKind } from '../groups.js';
import { css } from '../style.js';
import { TEXTS } from '../texts.js';
import { nothing } from './nothing.js';
import { RowView } from './row.js';

/** Rows that are drawn before anything else happens: more than a wall screen shows. */
const AT_ONCE = 40;
/** Slices are this long, so that the page answers in between. */
const SLICE_MS = 12;
/** Rows are kept by the sheet, and a sheet that is out of sight is not laid out. */
const SHEET_ROWS = 10;

/** @typedef {{list: HTMLElement, rows: readonly Row[], how: How}} Job */

export class RankingList {
    #element = element('div', 'ranking');
    #choose;
    #point;
    /** @type {Map<string, RowView>} */
    #views = new Map();
    /** Sections by theme, and lists by theme and kind. @type {Map<string, HTMLElement>} */
    #made = new Map();
    /** @type {{job: Job, from: number}[]} */
    #waiting = [];
    #frame = 0;
    #timer = 0;
    /** @type {string | null} */
    #pointed = null;
    /** @type {string | null} */
    #lit = null;
    /** @type {string | null} */
    #chosen = null;

    /**
     * @param {(id: string) => void} choose told which row was chosen
     * @param {(id: string | null) => void} point told which row the pointer or the focus is at
     */
    constructor(choose, point) {
        this.#choose = choose;
        this.#point = point;
        this.#listen();
    }

    get element() {
        return this.#element;
    }

    /**
     * @param {readonly ThemeGroup[]} groups
     * @param {{language: Language, compared: boolean, changed: boolean, filtered: boolean}} how `compared`: the week before is
     *     published; `changed`: what changed is asked for; `filtered`: that a theme has no rows says nothing of the week
     */
    show(groups, { language, compared, changed, filtered }) {
        cancelAnimationFrame(this.#frame);
        clearTimeout(this.#timer);
        this.#waiting = [];
        const wanted = new Set(groups.flatMap(({ rows }) => rows.map(({ hotspot }) => hotspot.id)));
        for (const [id, view] of this.#views) {
            if (wanted.has(id)) continue;
            view.element.remove();
            this.#views.delete(id);
        }
        /** @type {Job[]} */
        const jobs = [];
        const shown = filtered ? groups.filter(({ rows }) => rows.length > 0) : groups;
        const sections = shown.map((group) => this.#group(group, { language, compared, changed, jobs }));
        arrange(this.#element, sections);
        this.#draw(jobs);
    }

    /**
     * Light up one row, without moving the focus.
     *
     * @param {string | null} id
     */
    light(id) {
        if (this.#lit !== null) this.#views.get(this.#lit)?.button.classList.remove('lit');
        this.#lit = id;
        const made = id === null ? undefined : this.#views.get(id)?.button;
        made?.classList.add('lit');
        // The list moves for what is pointed at elsewhere, never under the pointer that is in it.
        if (id !== this.#pointed) made?.scrollIntoView({ block: 'nearest' });
    }

    /** @param {string | null} id */
    choose(id) {
        const isOther = id !== this.#chosen;
        if (isOther && this.#chosen !== null) this.#views.get(this.#chosen)?.button.setAttribute('aria-pressed', 'false');
        this.#chosen = id;
        if (id === null) return;
        this.#reach(id);
        const made = this.#views.get(id)?.button;
        made?.setAttribute('aria-pressed', 'true');
        if (isOther) made?.scrollIntoView({ block: 'nearest' });
    }

    /** @param {string} id */
    focus(id) {
        this.#reach(id);
        this.#views.get(id)?.button.focus();
    }

    #listen() {
        const idOf = (/** @type {globalThis.Event} */ { target }) =>
            target instanceof Element ? (target.closest('.row')?.getAttribute('data-id') ?? null) : null;
        const pointAt = (/** @type {string | null} */ id) => {
            if (id === this.#pointed) return;
            this.#pointed = id;
            this.#point(id);
        };
        this.#element.addEventListener('click', (event) => {
            const id = idOf(event);
            if (id !== null) this.#choose(id);
        });
        for (const event of ['pointerover', 'focusin']) this.#element.addEventListener(event, (one) => pointAt(idOf(one)));
        for (const event of ['pointerleave', 'focusout']) this.#element.addEventListener(event, () => pointAt(null));
    }

    /**
     * @param {ThemeGroup} group
     * @param {{language: Language, compared: boolean, changed: boolean, jobs: Job[]}} how
     */
    #group(group, { language, compared, changed, jobs }) {
        const section = this.#kept(`section ${group.theme}`, () => element('section', 'ranking-group'));
        section.setAttribute('aria-label', group.label);
        const heading = element('h2', 'ranking-theme', group.label);
        if (group.letter !== '') heading.prepend(letter(group));
        heading.append(element('span', 'ranking-count', number(group.rows.length, language)));
        if (group.rows.length === 0) {
            arrange(section, [heading, nothing(group, language)]);
            return section;
        }
        const texts = TEXTS[language];
        const last = Math.max(...group.rows.map(({ hotspot }) => Math.max(hotspot.rank, hotspot.rank_upper ?? 0)));
        const isQuiet = group.rows.every(({ hotspot }) => hotspot.kind === 'chronic') && group.outcome.state === 'hotspots';
        const parts = byKind(group.rows).flatMap(({ kind, rows }) => {
            const list = this.#kept(`list ${group.theme} ${kind}`, rowsList);
            jobs.push({ list, rows, how: { language, compared, changed, last } });
            return [element('h3', 'ranking-kind', texts.kinds[kind]), list];
        });
        arrange(section, [heading, ...(isQuiet ? [element('p', 'ranking-none', texts.noAcute)] : []), ...parts]);
        return section;
    }

    /**
     * What is made once and stays where it is: to take a long list out and put it in again is what costs time.
     *
     * @template {HTMLElement} Made
     * @param {string} key
     * @param {() => Made} make
     * @returns {Made}
     */
    #kept(key, make) {
        const known = this.#made.get(key);
        if (known !== undefined) return /** @type {Made} */ (known);
        const made = make();
        this.#made.set(key, made);
        return made;
    }

    /** @param {readonly Job[]} jobs */
    #draw(jobs) {
        let left = AT_ONCE;
        for (const job of jobs) {
            laySheets(job.list, job.rows.length);
            const now = Math.min(left, job.rows.length);
            this.#place(job, 0, now);
            left -= now;
            if (now < job.rows.length) this.#waiting.push({ job, from: now });
        }
        // What is read first is on the screen first.
        this.#frame = requestAnimationFrame(() => this.#later());
    }

    #later() {
        if (this.#waiting.length > 0) this.#timer = window.setTimeout(() => this.#slice());
    }

    #slice() {
        const end = performance.now() + SLICE_MS;
        while (performance.now() < end) {
            const [first] = this.#waiting;
            if (first === undefined) return;
            this.#place(first.job, first.from, first.from + 1);
            first.from += 1;
            if (first.from >= first.job.rows.length) this.#waiting.shift();
        }
        this.#later();
    }

    /**
     * Draw whatever still waits, if this row is among it.
     *
     * @param {string} id
     */
    #reach(id) {
        const place = this.#waiting.findLastIndex(({ job, from }) =>
            job.rows.slice(from).some(({ hotspot }) => hotspot.id === id),
        );
        for (const { job, from } of this.#waiting.splice(0, place + 1)) this.#place(job, from, job.rows.length);
    }

    /**
     * @param {Job} job
     * @param {number} from
     * @param {number} to
     */
    #place({ list, rows, how }, from, to) {
        const focused = document.activeElement;
        for (let place = from; place < to; place += 1) {
            const row = rows[place];
            const sheet = list.children[Math.floor(place / SHEET_ROWS)];
            if (row === undefined || sheet === undefined) break;
            const view = this.#view(row.hotspot.id);
            view.show(row, how);
            const there = sheet.children[place % SHEET_ROWS] ?? null;
            // What stands where it stood is not moved.
            if (there !== view.element) sheet.insertBefore(view.element, there);
            // What is left on a full sheet is wanted further down.
            if ((place + 1) % SHEET_ROWS === 0) list.lastElementChild?.append(...[...sheet.children].slice(SHEET_ROWS));
        }
        // A row that was moved loses the focus.
        if (focused !== document.activeElement && focused instanceof HTMLElement && focused.isConnected) {
            focused.focus({ preventScroll: true });
        }
    }

    /** @param {string} id */
    #view(id) {
        const known = this.#views.get(id);
        if (known !== undefined) return known;
        const made = new RowView();
        made.button.setAttribute('aria-pressed', String(id === this.#chosen));
        made.button.classList.toggle('lit', id === this.#lit);
        this.#views.set(id, made);
        return made;
    }
}

/**
 * Put these in, in this order, and nothing else; what stands where it is to stand is not touched.
 *
 * @param {HTMLElement} into
 * @param {readonly HTMLElement[]} wanted
 */
function arrange(into, wanted) {
    const stays = new Set(wanted);
    for (const child of [...into.children]) if (!(child instanceof HTMLElement && stays.has(child))) child.remove();
    for (const [place, made] of wanted.entries()) {
        const there = into.children[place] ?? null;
        if (there !== made) into.insertBefore(made, there);
    }
}

/** A list to those who hear it; no list of its own kind, whose items the browser counts anew with each that moves. */
function rowsList() {
    const made = element('div', 'ranking-rows');
    made.setAttribute('role', 'list');
    return made;
}

/**
 * As many sheets as the rows take. Rows on a sheet that goes are wanted on one that stays, where they are put in their turn.
 *
 * @param {HTMLElement} list
 * @param {number} rows
 */
function laySheets(list, rows) {
    const wanted = Math.ceil(rows / SHEET_ROWS);
    while (list.children.length < wanted) list.append(element('div', 'ranking-sheet'));
    for (const gone of [...list.children].slice(wanted)) {
        list.children[wanted - 1]?.append(...gone.children);
        gone.remove();
    }
    for (const [place, sheet] of [...list.children].entries()) {
        if (sheet instanceof HTMLElement) sheet.style.setProperty('--rows', String(Math.min(SHEET_ROWS, rows - place * SHEET_ROWS)));
    }
}

/** @param {ThemeGroup} group */
function letter({ letter: sign, colour }) {
    const made = element('span', 'letter', sign);
    made.style.backgroundColor = css(colour);
    return made;
}
