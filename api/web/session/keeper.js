/** Keeps who reads: signs in and out, notices when a sign-in expires, and shows it. */

/** @import {Credentials, Language, Me} from '../types.d.ts' */
import { element } from '../element.js';
import { Keep } from './keep.js';
import { SessionLine, isAnybody } from './session.js';
import { SignInDialog } from './signin.js';

/** A timer cannot be set further ahead than this. */
const FURTHEST_MS = 2 ** 31 - 1;

/**
 * @typedef {object} Told
 * @property {() => Promise<Me>} me
 * @property {(credentials: Credentials) => Promise<Me>} meAs
 * @property {(credentials: Credentials | null) => void} be
 * @property {() => void} forget keep nothing of what was told so far
 * @property {() => void} changed somebody else reads now: what is shown is to be asked for again
 * @property {() => void} left nobody is signed in any more: nothing that was told may stay
 */

export class Keeper {
    #told;
    #keep = new Keep();
    #line = new SessionLine({ signIn: () => this.#open(this.#isExpired), signOut: () => this.#signOut() });
    #dialog = new SignInDialog({
        check: (credentials) => this.#check(credentials),
        without: () => this.#signOut(),
        closed: () => this.#closed(),
    });
    #element = element('div', 'session-place', this.#line.element, this.#dialog.element);
    /** @type {Me | null} */
    #me = null;
    #isExpired = false;
    #timer = 0;
    /** @type {Language} */
    #language = 'nl';
    /** Requests that wait for signing in again. @type {((isRenewed: boolean) => void)[]} */
    #waiting = [];

    /** @param {Told} told */
    constructor(told) {
        this.#told = told;
        // Before anything is asked: what was signed in in this tab still is.
        const kept = this.#keep.read();
        if (kept !== null) told.be(kept);
    }

    get element() {
        return this.#element;
    }

    /**
     * Ask the service who reads, unless that is known.
     *
     * @returns {Promise<Me | null>}
     */
    async who() {
        try {
            if (this.#me === null) this.#take(await this.#told.me());
        } catch {
            // Who reads stays unsaid; what keeps the service from answering is told where the list should be.
        }
        return this.#me;
    }

    /** @param {Language} language */
    show(language) {
        this.#language = language;
        this.#line.show(this.#me, { language, isExpired: this.#isExpired });
        this.#dialog.show(this.#how(this.#isExpired));
    }

    /**
     * Say that the sign-in is no longer accepted, and ask for another. Nothing that is shown or typed is touched.
     *
     * @returns {Promise<boolean>} whether to ask the service again
     */
    async expired() {
        this.#isExpired = true;
        if (this.#me !== null) {
            return new Promise((resolve) => {
                this.#waiting.push(resolve);
                this.#open(true);
            });
        }
        // It had expired before the page was opened: what everybody may see comes meanwhile, and the purposes with it.
        this.#told.be(null);
        void this.who().then(() => this.#open(true));
        return true;
    }

    /** @param {boolean} isAgain */
    #open(isAgain) {
        this.#dialog.open(this.#how(isAgain));
        this.show(this.#language);
    }

    /** @param {boolean} isAgain */
    #how(isAgain) {
        const purposes = this.#me?.purposes ?? [];
        return { language: this.#language, purposes, purpose: this.#keep.read()?.purpose ?? '', isAgain };
    }

    /** @param {Credentials} credentials */
    async #check(credentials) {
        const before = this.#me;
        const wasExpired = this.#isExpired;
        const me = await this.#told.meAs(credentials);
        this.#keep.write(credentials);
        this.#isExpired = false;
        const isSame = wasExpired && before !== null && seesTheSame(before, me);
        this.#told.be(credentials);
        if (!isSame) this.#told.forget();
        this.#take(me);
        this.#answer(true);
        // Who signs in again goes on where he was: nothing is asked anew that is on the screen.
        if (!isSame) this.#told.changed();
    }

    #signOut() {
        this.#keep.write(null);
        this.#told.be(null);
        this.#told.left();
    }

    #closed() {
        this.#answer(false);
        this.show(this.#language);
    }

    /** @param {boolean} isRenewed */
    #answer(isRenewed) {
        for (const resolve of this.#waiting.splice(0)) resolve(isRenewed);
    }

    /** @param {Me} me */
    #take(me) {
        this.#me = me;
        clearTimeout(this.#timer);
        if (me.expires_at !== null && !isAnybody(me)) {
            const left_ms = Date.parse(me.expires_at) - Date.now();
            // A day's sign-in is watched by a timer; one of months is noticed when the service refuses it.
            if (left_ms < FURTHEST_MS) this.#timer = window.setTimeout(() => void this.expired(), Math.max(0, left_ms));
        }
        this.show(this.#language);
    }
}

/**
 * Whether two readers are told the same.
 *
 * @param {Me} one
 * @param {Me} other
 */
export function seesTheSame(one, other) {
    const areas = (/** @type {Me} */ me) => me.areas?.map(({ code }) => code).sort().join() ?? null;
    const scopes = (/** @type {Me} */ me) => [...me.scopes].sort().join();
    return one.level === other.level && areas(one) === areas(other) && scopes(one) === scopes(other);
}
