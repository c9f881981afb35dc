/** What is typed and not sent outlives the panel, the week and a reload, in this tab alone. */

/** @import {Draft} from '../panel/types.js' */
import { EMPTY, STEPS, VERDICTS } from './draft.js';

const PREFIX = 'hotspot.note.';

export class Drafts {
    #storage;
    /** Where the browser keeps nothing, what is typed lasts as long as the page. @type {Map<string, Draft>} */
    #typed = new Map();

    /** @param {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null} storage null where the browser forbids it */
    constructor(storage) {
        this.#storage = storage;
    }

    /**
     * @param {string} id of the hotspot
     * @returns {Draft | null}
     */
    read(id) {
        const typed = this.#typed.get(id);
        if (typed !== undefined) return typed;
        try {
            return parsed(this.#storage?.getItem(PREFIX + id) ?? null);
        } catch {
            return null;
        }
    }

    /**
     * @param {string} id
     * @param {Draft} draft
     */
    keep(id, draft) {
        this.#typed.set(id, draft);
        try {
            this.#storage?.setItem(PREFIX + id, JSON.stringify(draft));
        } catch {
            // Full or forbidden: what is typed stays on this page at least.
        }
    }

    /** @param {string} id */
    drop(id) {
        this.#typed.delete(id);
        try {
            this.#storage?.removeItem(PREFIX + id);
        } catch {
            // As above.
        }
    }
}

/**
 * Read a draft; whatever is none is left out.
 *
 * @param {string | null} text
 * @returns {Draft | null}
 */
export function parsed(text) {
    if (text === null) return null;
    /** @type {unknown} */
    let value;
    try {
        value = JSON.parse(text);
    } catch {
        return null;
    }
    if (typeof value !== 'object' || value === null) return null;
    const told = /** @type {Record<string, unknown>} */ (value);
    const words = (/** @type {'text' | 'what' | 'who' | 'due'} */ name) =>
        typeof told[name] === 'string' ? told[name] : EMPTY[name];
    return Object.freeze({
        verdict: VERDICTS.find((known) => known === told['verdict']) ?? EMPTY.verdict,
        text: words('text'),
        acts: told['acts'] === true,
        what: words('what'),
        who: words('who'),
        due: words('due'),
        status: STEPS.find((known) => known === told['status']) ?? EMPTY.status,
    });
}
