/** Whether the service is reached; while it is not, tries again by itself, less and less often. */

/** The first try comes after this long, each further one after twice as long, up to the last. */
const FIRST_MS = 2000;
const LONGEST_MS = 60_000;

/** @typedef {'reached' | 'offline' | 'away'} State offline: this device has no network; away: the service does not answer */

/**
 * @typedef {object} Told
 * @property {(state: State) => void} change
 * @property {() => Promise<unknown>} probe asks the service for next to nothing
 * @property {(act: () => void, ms: number) => number} [later]
 * @property {(timer: number) => void} [never]
 * @property {() => boolean} [hasNetwork] whether this device has any network
 */

export class Connection {
    #told;
    /** @type {State} */
    #state = 'reached';
    #tries = 0;
    #timer = 0;

    /** @param {Told} told */
    constructor(told) {
        this.#told = {
            later: (/** @type {() => void} */ act, /** @type {number} */ ms) => window.setTimeout(act, ms),
            never: (/** @type {number} */ timer) => clearTimeout(timer),
            hasNetwork: () => navigator.onLine,
            ...told,
        };
    }

    get state() {
        return this.#state;
    }

    /** @param {boolean} isReached what the last request met */
    reached(isReached) {
        this.#become(isReached ? 'reached' : this.#told.hasNetwork() ? 'away' : 'offline');
    }

    /** The device lost its network, or has one again. */
    changed() {
        if (!this.#told.hasNetwork()) this.#become('offline');
        else if (this.#state !== 'reached') this.try();
    }

    /** Try now, whatever was planned. */
    try() {
        this.#told.never(this.#timer);
        this.#tries = 0;
        void this.#probe();
    }

    /** @param {State} state */
    #become(state) {
        const before = this.#state;
        this.#state = state;
        if (state === 'reached') {
            this.#told.never(this.#timer);
            this.#tries = 0;
        } else if (before === 'reached') {
            this.#plan();
        }
        if (before !== state) this.#told.change(state);
    }

    #plan() {
        this.#told.never(this.#timer);
        this.#timer = this.#told.later(() => void this.#probe(), pause_ms(this.#tries));
        this.#tries += 1;
    }

    async #probe() {
        try {
            await this.#told.probe();
            this.#become('reached');
        } catch {
            // The service may be there and refuse: then whoever asked has said `reached` already.
            if (this.#state !== 'reached') this.#plan();
        }
    }
}

/**
 * How long to wait before a try.
 *
 * @param {number} tries that came to nothing
 */
export function pause_ms(tries) {
    return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 16));
}
