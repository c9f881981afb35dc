/** Parts of the page whose code is fetched when they are needed, or once the first week is on the screen. */

/** @import {Part, Shown} from './types.d.ts' */

/** @template {Part} Made */
export class Later {
    #bring;
    /** @type {Made | null} */
    #made = null;
    /** @type {Promise<Made> | null} */
    #coming = null;
    /** @type {Shown | null} */
    #shown = null;

    /** @param {() => Promise<Made>} bring fetches the code and makes the part */
    constructor(bring) {
        this.#bring = bring;
    }

    /** The part, where it is there already. */
    get now() {
        return this.#made;
    }

    /** @param {Shown} shown */
    show(shown) {
        this.#shown = shown;
        if (this.#made !== null) this.#made.show(shown);
        // The list is drawn first. Without a network it is tried again with the next change.
        else setTimeout(() => void this.ready().catch(passOver));
    }

    /** @returns {Promise<Made>} the part, told what is shown */
    async ready() {
        this.#coming ??= this.#make();
        return this.#coming;
    }

    async #make() {
        try {
            this.#made = await this.#bring();
        } catch (error) {
            this.#coming = null;
            throw error instanceof TypeError ? new NotFetched(error.message, { cause: error }) : error;
        }
        if (this.#shown !== null) this.#made.show(this.#shown);
        return this.#made;
    }
}

/** Code that could not be fetched, for which a browser has no error but `TypeError`. */
class NotFetched extends TypeError {}

/**
 * Anything else is a mistake of ours, which is to be heard of.
 *
 * @param {unknown} error
 */
export function passOver(error) {
    if (!(error instanceof NotFetched)) throw error;
}
