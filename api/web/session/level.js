/** What is left out of what is shown: one line above the list, where that is not everything. */

/** @import {DisclosureLevel, Label, Language, Me} from '../types.d.ts' */
import { element } from '../element.js';
import { TEXTS } from '../texts.js';

/** @typedef {{readonly level: DisclosureLevel, readonly said?: Label}} Disclosed */

export class LevelLine {
    #element = element('p', 'level');

    constructor() {
        this.#element.hidden = true;
    }

    get element() {
        return this.#element;
    }

    /**
     * @param {Disclosed | null | undefined} disclosed by which rules the week was made, as the week says
     * @param {Me | null} me
     * @param {Language} language
     */
    show(disclosed, me, language) {
        const said = leftOut(disclosed, me, language);
        this.#element.hidden = said === null;
        this.#element.replaceChildren(...(said === null ? [] : [element('strong', '', said.title), ` ${said.text}`]));
    }
}

/**
 * @param {Disclosed | null | undefined} disclosed
 * @param {Me | null} me
 * @param {Language} language
 */
export function leftOut(disclosed, me, language) {
    const texts = TEXTS[language];
    if (disclosed !== null && disclosed !== undefined && disclosed.level !== 'internal') {
        return { title: `${texts.levels[disclosed.level]}.`, text: disclosed.said?.[language] ?? texts.levelLess };
    }
    // At the internal level a team is answered from its own areas and from nothing else.
    if (me?.level === 'internal' && me.areas !== null) {
        const names = me.areas.map(({ code, name }) => name ?? code).join(', ');
        return { title: texts.levelOwnAreas, text: texts.levelOwnAreasWhy(names) };
    }
    return null;
}
