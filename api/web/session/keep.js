/** Keeps a sign-in for as long as this tab is open, and nowhere else. */

/** @import {Credentials} from '../types.d.ts' */

const KEY = 'hotspot.session';
/** What fits in a header; anything else is no key, and no browser would send it. */
const SENDABLE = /^[\x21-\x7e]{1,8000}$/;
const CODE = /^[\w-]{0,100}$/;

/** @typedef {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} Shelf */

export class Keep {
    #shelf;

    /** @param {() => Shelf} shelf where to keep it; asking for it may throw where a browser forbids it */
    constructor(shelf = () => sessionStorage) {
        this.#shelf = shelf;
    }

    /** @returns {Credentials | null} */
    read() {
        try {
            return credentials(JSON.parse(this.#shelf().getItem(KEY) ?? 'null'));
        } catch {
            // Forbidden, or not written by us: then nobody is signed in.
            return null;
        }
    }

    /** @param {Credentials | null} kept nothing to forget it */
    write(kept) {
        try {
            if (kept === null) this.#shelf().removeItem(KEY);
            else this.#shelf().setItem(KEY, JSON.stringify(kept));
        } catch {
            // A browser may forbid a page to remember anything: it lasts as long as the page then.
        }
    }
}

/**
 * Whether a text can be a key or a token.
 *
 * @param {string} secret
 */
export function isSendable(secret) {
    return SENDABLE.test(secret);
}

/**
 * @param {unknown} value
 * @returns {Credentials | null}
 */
function credentials(value) {
    if (typeof value !== 'object' || value === null || !('secret' in value) || !('purpose' in value)) return null;
    const { secret, purpose } = value;
    if (typeof secret !== 'string' || typeof purpose !== 'string') return null;
    return isSendable(secret) && CODE.test(purpose) ? Object.freeze({ secret, purpose }) : null;
}
