/** The ranked list: the readable twin of the map. */

/** @import {Hotspot, Language, Row, ThemeGroup} from '../types.d.ts' */
import { button, element } from '../element.js';
import { expectedCount, number, times } from '../format.js';
import { byKind, movement, placeName } from '../groups.js';
import { badge, tags } from '../marks/marks.js';
import { css } from '../style.js';
import { TEXTS } from '../texts.js';

const ARROWS = Object.freeze({ up: '▲', down: '▼', same: '=', lasting: '=', new: '', back: '' });

export class RankingList {
    #element = element('div', 'ranking');
    #choose;
    #point;
    /** @type {Map<string, HTMLButtonElement>} */
    #buttons = new Map();

    /**
     * @param {(id: string) => void} choose told which row was chosen
     * @param {(id: string | null) => void} point told which row the pointer or the focus is at
     */
    constructor(choose, point) {
        this.#choose = choose;
        this.#point = point;
    }

    get element() {
        return this.#element;
    }

    /**
     * @param {ThemeGroup[]} groups
     * @param {{language: Language, compared: boolean}} how `compared`: the week before is published
     */
    show(groups, { language, compared }) {
        this.#buttons.clear();
        const most = Math.max(1, ...groups.flatMap(({ rows }) => rows.map(({ hotspot }) => hotspot.observed)));
        this.#element.replaceChildren(
            ...groups.map((group) => this.#group(group, { language, compared, most, alone: groups.length === 1 })),
        );
    }

    /**
     * Light up one row, without moving the focus.
     *
     * @param {string | null} id
     */
    light(id) {
        for (const [other, made] of this.#buttons) made.classList.toggle('lit', other === id);
        // Only where the row is out of sight does the list move.
        if (id !== null) this.#buttons.get(id)?.scrollIntoView({ block: 'nearest' });
    }

    /** @param {string | null} id */
    choose(id) {
        for (const [other, made] of this.#buttons) made.setAttribute('aria-pressed', String(other === id));
        if (id !== null) this.#buttons.get(id)?.scrollIntoView({ block: 'nearest' });
    }

    /** @param {string} id */
    focus(id) {
        this.#buttons.get(id)?.focus();
    }

    /**
     * @param {ThemeGroup} group
     * @param {{language: Language, compared: boolean, most: number, alone: boolean}} how
     */
    #group(group, how) {
        const heading = element('h2', 'ranking-theme', group.label);
        if (group.letter !== '') heading.prepend(letter(group));
        heading.append(element('span', 'ranking-count', number(group.rows.length, how.language)));
        const body =
            group.rows.length === 0
                ? nothing(group, how.language)
                : element('div', '', ...this.#kinds(group, how));
        const section = element('section', 'ranking-group', heading, body);
        section.setAttribute('aria-label', group.label);
        return section;
    }

    /**
     * Acute and chronic under headings of their own; that nothing is acute is said as well.
     *
     * @param {ThemeGroup} group
     * @param {{language: Language, compared: boolean, most: number}} how
     */
    #kinds(group, how) {
        const texts = TEXTS[how.language];
        const parts = byKind(group.rows).flatMap(({ kind, rows }) => {
            const list = element('ol', 'ranking-rows', ...rows.map((row) => this.#row(row, how)));
            list.start = rows[0]?.hotspot.rank ?? 1;
            return [element('h3', 'ranking-kind', texts.kinds[kind]), list];
        });
        const isQuiet = group.rows.every(({ hotspot }) => hotspot.kind === 'chronic');
        return isQuiet ? [element('p', 'ranking-none', texts.noAcute), ...parts] : parts;
    }

    /**
     * @param {Row} row
     * @param {{language: Language, compared: boolean, most: number}} how
     */
    #row(row, { language, compared, most }) {
        const { hotspot, colour } = row;
        const texts = TEXTS[language];
        const { id, observed, expected, relative_risk } = hotspot;
        const others = hotspot.neighbourhoods.length - 1;
        const name = element('span', 'row-name', placeName(hotspot, language));
        if (others > 0) name.append(element('span', 'row-more', ` ${texts.andMore(others)}`));
        const counts = element(
            'span',
            'row-counts',
            `${texts.incidents(number(observed, language))}, ${texts.expectedCount(expectedCount(expected, language))}`,
        );
        const risk = element('span', 'row-risk', times(relative_risk, language));
        risk.title = relative_risk === null ? texts.unexpected : texts.timesExpected(times(relative_risk, language));
        const aside = element('span', 'row-aside', risk);
        if (compared) aside.append(moved(hotspot, language));
        const made = button(
            'row',
            () => this.#choose(id),
            badge(row),
            element(
                'span',
                'row-middle',
                name,
                counts,
                tags(hotspot, language),
                ...rankInterval(hotspot, language),
                bar(hotspot, css(colour), most),
            ),
            aside,
        );
        made.dataset.id = id;
        made.setAttribute('aria-pressed', 'false');
        for (const event of ['pointerenter', 'focus']) made.addEventListener(event, () => this.#point(id));
        for (const event of ['pointerleave', 'blur']) made.addEventListener(event, () => this.#point(null));
        this.#buttons.set(id, made);
        return element('li', '', made);
    }
}

/**
 * Between which ranks it truly is, where the list tells; or that there are too few data to say.
 *
 * @param {Hotspot} hotspot
 * @param {Language} language
 */
function rankInterval({ rank_lower, rank_upper, too_little_data }, language) {
    const texts = TEXTS[language];
    if (too_little_data === true) return [element('span', 'row-rank', texts.rankUnsure)];
    if (rank_lower === undefined || rank_lower === null || rank_upper === undefined || rank_upper === null) return [];
    const made = element('span', 'row-rank', texts.rankInterval(number(rank_lower, language), number(rank_upper, language)));
    made.title = texts.rankIntervalWhy;
    return [made];
}

/**
 * Counted as a bar, expected as a tick on it.
 *
 * @param {Hotspot} hotspot
 * @param {string} colour
 * @param {number} most longest bar of the list
 */
function bar({ observed, expected }, colour, most) {
    const counted = element('span', 'bar-counted');
    counted.style.width = `${(100 * observed) / most}%`;
    counted.style.backgroundColor = colour;
    const tick = element('span', 'bar-expected');
    tick.style.left = `${Math.min(100, (100 * (expected ?? 0)) / most)}%`;
    const made = element('span', 'bar', counted, tick);
    made.setAttribute('aria-hidden', 'true');
    return made;
}

/**
 * @param {Hotspot} hotspot
 * @param {Language} language
 */
function moved(hotspot, language) {
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
    };
    const steps = how === 'lasting' || places === 0 ? '' : ` ${places}`;
    const words = { new: texts.isNew, back: texts.isBack };
    const shown = how === 'new' || how === 'back' ? words[how] : `${ARROWS[how]}${steps}`;
    const sign = element('span', '', shown);
    sign.setAttribute('aria-hidden', 'true');
    const made = element('span', `moved moved-${how}`, sign, element('span', 'unseen', said[how]));
    made.title = said[how];
    return made;
}

/** @param {ThemeGroup} group */
function letter({ letter: sign, colour }) {
    const made = element('span', 'letter', sign);
    made.style.backgroundColor = css(colour);
    return made;
}

/**
 * An empty list is a result and says so.
 *
 * @param {ThemeGroup} group
 * @param {Language} language
 */
function nothing({ outcome }, language) {
    const texts = TEXTS[language];
    const count = number(outcome.window_incidents, language);
    const before = number(outcome.baseline_incidents, language);
    if (outcome.state !== 'not_enough_data') {
        return element(
            'div',
            'empty',
            element('p', 'empty-title', texts.noHotspots),
            element('p', 'empty-why', texts.noHotspotsWhy(count)),
        );
    }
    return element(
        'div',
        'empty empty-unsure',
        element('p', 'empty-title', texts.notEnough),
        // Where dates are too coarse to count by week there are no counts to show.
        ...(outcome.window_weeks === 0 && outcome.reason !== null
            ? []
            : [element('p', 'empty-why', texts.notEnoughWhy(count, before))]),
        ...(outcome.reason === null ? [] : [element('p', 'empty-reason', outcome.reason[language])]),
    );
}
