/** Details at hand: a hotspot's evidence of a week is asked for once, and a newer question gives up the older. */

/** @import {Detail} from './types.js' */

/** So many details are kept: a day's looking back and forth. */
const KEPT = 60;

export class Details {
    #read;
    /** @type {Map<string, Detail>} */
    #kept = new Map();
    /** @type {AbortController | null} */
    #running = null;

    /** @param {(id: string, week: string, signal: AbortSignal) => Promise<Detail>} read */
    constructor(read) {
        this.#read = read;
    }

    /**
     * @param {string} id
     * @param {string} key week and edition
     * @returns {Detail | null} what is at hand
     */
    kept(id, key) {
        return this.#kept.get(`${id}/${key}`) ?? null;
    }

    /**
     * @param {string} id
     * @param {string} week
     * @param {string} key week and edition: a corrected week is another
     * @returns {Promise<Detail>}
     */
    async read(id, week, key) {
        this.giveUp();
        const kept = this.kept(id, key);
        if (kept !== null) return kept;
        const running = new AbortController();
        this.#running = running;
        const detail = await this.#read(id, week, running.signal);
        this.#kept.set(`${id}/${key}`, detail);
        const [oldest] = this.#kept.keys();
        if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
        return detail;
    }

    giveUp() {
        this.#running?.abort();
        this.#running = null;
    }

    /** Somebody else reads from now on, who may be told more or less. */
    forget() {
        this.giveUp();
        this.#kept.clear();
    }
}
