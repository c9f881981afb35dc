/** Gets what the chosen layers need, the newer request aborting the older, and keeps some of it at hand. */

/** Answers kept per layer, so that going back is immediate and a long day stays within memory. */
const KEPT = 8;

/** @typedef {'off' | 'loading' | 'drawn' | 'none' | 'failed'} LayerState */

/**
 * One layer's answers. What is drawn stays until the next answer is there; what failed or is off is drawn no more.
 *
 * @template Answer
 */
export class Feed {
    #fetch;
    #changed;
    /** @type {string | null} */
    #key = null;
    /** @type {AbortController | null} */
    #running = null;
    /** By key, the one used last at the end. @type {Map<string, Answer>} */
    #kept = new Map();
    /** @type {Answer | null} */
    answer = null;
    /** @type {LayerState} */
    state = 'off';

    /**
     * @param {(key: string, signal: AbortSignal) => Promise<Answer | null>} fetch
     * @param {() => void} changed told when an answer is there, or none will come
     */
    constructor(fetch, changed) {
        this.#fetch = fetch;
        this.#changed = changed;
    }

    /** @param {string | null} key what is wanted, in one text; nothing where the layer is off */
    want(key) {
        if (key === this.#key) return;
        this.#running?.abort();
        this.#running = null;
        this.#key = key;
        const kept = key === null ? undefined : this.#kept.get(key);
        if (key === null || kept !== undefined) {
            this.answer = kept ?? null;
            this.state = key === null ? 'off' : 'drawn';
            return;
        }
        this.state = 'loading';
        void this.#get(key);
    }

    /** What another level was told is kept no longer. */
    forget() {
        this.want(null);
        this.#kept.clear();
    }

    /** @param {string} key */
    async #get(key) {
        const running = new AbortController();
        this.#running = running;
        try {
            const answer = await this.#fetch(key, running.signal);
            if (running.signal.aborted) return;
            this.answer = answer;
            this.state = answer === null ? 'none' : 'drawn';
            if (answer !== null) this.#keep(key, answer);
        } catch (error) {
            if (running.signal.aborted) return;
            this.answer = null;
            this.state = 'failed';
            // Asked for once more, it is fetched once more.
            this.#key = null;
        }
        this.#changed();
    }

    /**
     * @param {string} key
     * @param {Answer} answer
     */
    #keep(key, answer) {
        this.#kept.set(key, answer);
        const [oldest] = this.#kept.keys();
        if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    }
}

/**
 * Remember the last outcome: the same ingredients give the same thing, which the map then need not draw anew.
 *
 * @template {readonly unknown[]} Ingredients
 * @template Made
 * @param {(...ingredients: Ingredients) => Made} make
 * @returns {(...ingredients: Ingredients) => Made}
 */
export function lasting(make) {
    /** @type {{ingredients: Ingredients, made: Made} | null} */
    let last = null;
    return (...ingredients) => {
        if (last === null || ingredients.some((one, place) => one !== last?.ingredients[place])) {
            last = { ingredients, made: make(...ingredients) };
        }
        return last.made;
    };
}

