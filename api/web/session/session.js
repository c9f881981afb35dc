/** Who reads, and as what: one quiet line in the head of the page. */

/** @import {Language, Me} from '../types.d.ts' */
import { button, element } from '../element.js';
import { moment } from '../format.js';
import { TEXTS } from '../texts.js';

/** So many areas are named in the line; the others are where it unfolds. */
const NAMED = 2;

export class SessionLine {
    #element = element('div', 'session');
    #told;

    /** @param {{signIn: () => void, signOut: () => void}} told */
    constructor(told) {
        this.#told = told;
    }

    get element() {
        return this.#element;
    }

    /**
     * @param {Me | null} me nothing as long as it is not known
     * @param {{language: Language, isExpired: boolean}} how
     */
    show(me, { language, isExpired }) {
        const isOpen = this.#element.querySelector('details')?.open ?? false;
        this.#element.replaceChildren(...(me === null ? [] : this.#parts(me, language, isExpired)));
        this.#element.classList.toggle('session-expired', isExpired);
        const unfolds = this.#element.querySelector('details');
        if (unfolds !== null) unfolds.open = isOpen;
    }

    /**
     * @param {Me} me
     * @param {Language} language
     * @param {boolean} isExpired
     */
    #parts(me, language, isExpired) {
        const texts = TEXTS[language];
        if (me.access === 'local') return [element('span', 'session-what', texts.sessionLocal)];
        const enter = (/** @type {string} */ text) => button('session-button', this.#told.signIn, text);
        if (isExpired) return [element('span', 'session-what', texts.sessionExpired), enter(texts.signInAgain)];
        if (isAnybody(me)) return [element('span', 'session-what', texts.sessionOpen), enter(texts.signIn)];
        const more = element('dl', 'session-more');
        for (const [name, value] of facts(me, language)) {
            more.append(element('dt', '', name), element('dd', '', value));
        }
        const leave = button('session-button', this.#told.signOut, texts.signOut);
        const line = element('summary', 'session-what', whoReads(me, language));
        return [element('details', '', line, more), leave];
    }
}

/** @param {Me} me */
export function isAnybody({ role }) {
    return role === 'anonymous';
}

/**
 * The role and the areas in words.
 *
 * @param {Me} me
 * @param {Language} language
 */
export function whoReads(me, language) {
    const role = roleName(me.role, language);
    if (me.areas === null) return role;
    const named = me.areas.slice(0, NAMED).map(({ code, name }) => name ?? code);
    const others = me.areas.length - named.length;
    return `${role} · ${[...named, ...(others === 0 ? [] : [TEXTS[language].moreAreas(others)])].join(', ')}`;
}

/**
 * @param {Me} me
 * @param {Language} language
 * @returns {[name: string, value: string][]}
 */
export function facts(me, language) {
    const texts = TEXTS[language];
    const areas = me.areas?.map(({ code, name }) => name ?? code).join(', ') ?? texts.everywhere;
    const purpose = me.purposes.find(({ code }) => code === me.purpose)?.label[language] ?? me.purpose;
    /** @type {[string, string | null][]} */
    const all = [
        [texts.sessionName, me.name],
        [texts.sessionLevel, texts.levels[me.level]],
        [texts.sessionAreas, areas],
        [texts.sessionPurpose, purpose],
        [texts.sessionUntil, me.expires_at === null ? null : moment(me.expires_at, language)],
    ];
    return all.flatMap(([name, value]) => (value === null || value === '' ? [] : [[name, value]]));
}

/**
 * @param {string} role
 * @param {Language} language
 */
function roleName(role, language) {
    const names = /** @type {Readonly<Record<string, string>>} */ (TEXTS[language].roles);
    return names[role] ?? role;
}
