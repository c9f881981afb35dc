/** Weeks at hand: fetched once, kept within bounds, and the neighbours of the shown one fetched before they are asked for. */

/** @import {Week} from './types.d.ts' */

/** Weeks kept, so that going back is immediate and a long day stays within memory. */
const KEPT = 16;
/** What is fetched ahead waits this long at the most for the page to be idle. */
const IDLE_MS = 2000;

/** @typedef {(week: string | null, signal?: AbortSignal) => Promise<Week>} Ask */

export class Weeks {
    #ask;
    #idle;
    /** By the name of the week, the one used last at the end. @type {Map<string, Week>} */
    #kept = new Map();
    /** @type {AbortController | null} */
    #running = null;
    /** @type {AbortController | null} */
    #aheadRunning = null;
    /** Counts how often everything was forgotten: what was asked for before that is not kept. */
    #era = 0;

    /**
     * @param {Ask} ask asks the service for a week, or for the latest
     * @param {(act: () => void) => void} [idle] does something once there is nothing else to do
     */
    constructor(ask, idle = whenIdle) {
        this.#ask = ask;
        this.#idle = idle;
    }

    /**
     * The week to show: a newer call gives up the one that is still on its way.
     *
     * @param {string | null} name the latest if absent
     * @returns {Promise<Week>}
     */
    async show(name) {
        this.#running?.abort();
        this.#aheadRunning?.abort();
        this.#running = null;
        const kept = this.kept(name);
        if (kept !== undefined) return kept;
        const running = new AbortController();
        this.#running = running;
        return this.read(name, running.signal);
    }

    /**
     * Any week, for whoever needs one beside the one that is shown.
     *
     * @param {string | null} name the latest if absent
     * @param {AbortSignal} [signal]
     * @returns {Promise<Week>}
     */
    async read(name, signal) {
        const kept = this.kept(name);
        if (kept !== undefined) return kept;
        const era = this.#era;
        const week = await this.#ask(name, signal);
        signal?.throwIfAborted();
        if (era === this.#era) this.#keep(week);
        return week;
    }

    /**
     * @param {string | null} name
     * @returns {Week | undefined}
     */
    kept(name) {
        if (name === null) return undefined;
        const week = this.#kept.get(name);
        if (week !== undefined) this.#keep(week);
        return week;
    }

    /**
     * Fetch these weeks, one after the other, once there is nothing else to do. That it fails matters to nobody: who
     * asks for such a week asks again.
     *
     * @param {readonly string[]} names
     */
    ahead(names) {
        this.#aheadRunning?.abort();
        const running = new AbortController();
        this.#aheadRunning = running;
        this.#idle(() => void this.#fetchAhead(names, running.signal));
    }

    /** Keep nothing: what another reader was told is not shown. */
    forget() {
        this.#era += 1;
        this.#running?.abort();
        this.#aheadRunning?.abort();
        this.#kept.clear();
    }

    /**
     * @param {readonly string[]} names
     * @param {AbortSignal} signal
     */
    async #fetchAhead(names, signal) {
        for (const name of names) {
            if (signal.aborted) return;
            try {
                await this.read(name, signal);
            } catch {
                return;
            }
        }
    }

    /** @param {Week} week */
    #keep(week) {
        const name = week.ranking.week;
        this.#kept.delete(name);
        this.#kept.set(name, week);
        const [oldest] = this.#kept.keys();
        if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    }
}

/**
 * The weeks around the shown one that are asked for next: the one before, the one after, and one further back.
 *
 * @param {readonly string[]} weeks latest first
 * @param {string} shown
 * @returns {string[]}
 */
export function around(weeks, shown) {
    const place = weeks.indexOf(shown);
    if (place === -1) return [];
    return [place + 1, place - 1, place + 2].flatMap((one) => weeks[one] ?? []);
}

/** @param {() => void} act */
function whenIdle(act) {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(act, { timeout: IDLE_MS });
    else setTimeout(act, IDLE_MS / 4);
}

/**
 * @template Value
 * @param {Promise<Value>} promise
 * @param {Value} otherwise
 */
export async function orElse(promise, otherwise) {
    try {
        return await promise;
    } catch {
        // The list says what is wrong with the service; this only adds to it.
        return otherwise;
    }
}
