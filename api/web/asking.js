/** Asks the service on behalf of whoever signed in: waits where it says so, and asks again after signing in again. */

/** @import {Credentials} from './types.d.ts' */
import { Problem, problemOf } from './problem.js';

/** A refusal for now is waited out if that takes no longer than this; longer ones are told. */
const PATIENCE_S = 10;
/** So many times is a request repeated that the service puts off. */
const MOST_TRIES = 3;
const PUT_OFF = new Set([429, 503]);

/**
 * @typedef {object} Told
 * @property {() => Promise<boolean>} expired a sign-in was accepted before and no longer is; answers whether there is one again
 * @property {(isReached: boolean) => void} reached whether the last request reached the service
 * @property {(ms: number) => Promise<void>} [rest]
 */

/** @typedef {{method?: string, accept?: string, body?: unknown, signal?: AbortSignal}} Wanted */

export class Asking {
    #send;
    #told;
    /** @type {Credentials | null} */
    #credentials = null;
    /** One question to the reader at a time, however many requests wait for it. @type {Promise<boolean> | null} */
    #renewal = null;

    /**
     * @param {(address: URL, how: RequestInit) => Promise<Response>} send
     * @param {Told} told
     */
    constructor(send, told) {
        this.#send = send;
        this.#told = told;
    }

    get credentials() {
        return this.#credentials;
    }

    /** @param {Credentials | null} credentials */
    be(credentials) {
        this.#credentials = credentials;
    }

    /**
     * Ask, as whoever signed in.
     *
     * @param {URL} address
     * @param {Wanted} [wanted]
     * @returns {Promise<Response>} an answer; a refusal throws
     */
    async ask(address, wanted = {}) {
        for (let tries = 1; ; tries += 1) {
            const asked = this.#credentials;
            const response = await this.#reach(address, wanted, asked);
            if (response.ok) return response;
            const problem = await problemOf(response);
            if (problem.status === 401 && asked !== null) {
                if (!(await this.#renewed(asked))) throw problem;
            } else if (isPutOff(problem, wanted) && tries < MOST_TRIES) {
                await (this.#told.rest ?? rest)((problem.retry_s ?? 1) * 1000);
            } else {
                throw problem;
            }
            wanted.signal?.throwIfAborted();
        }
    }

    /**
     * Ask as somebody who is not signed in yet: nobody is asked to sign in again.
     *
     * @param {URL} address
     * @param {Credentials | null} credentials
     * @returns {Promise<Response>}
     */
    async askAs(address, credentials) {
        const response = await this.#reach(address, {}, credentials);
        if (!response.ok) throw await problemOf(response);
        return response;
    }

    /**
     * @param {URL} address
     * @param {Wanted} wanted
     * @param {Credentials | null} credentials
     */
    async #reach(address, { method = 'GET', accept = 'application/json', body, signal }, credentials) {
        /** @type {Record<string, string>} */
        const headers = { Accept: accept };
        if (body !== undefined) headers['Content-Type'] = 'application/json';
        if (credentials !== null) {
            headers['Authorization'] = `Bearer ${credentials.secret}`;
            if (credentials.purpose !== '') headers['Purpose'] = credentials.purpose;
        }
        /** @type {RequestInit} */
        const how = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
        try {
            const response = await this.#send(address, signal === undefined ? how : { ...how, signal });
            this.#told.reached(true);
            return response;
        } catch (error) {
            // A request that was given up says nothing of the network.
            if (!isAborted(error)) this.#told.reached(false);
            throw error;
        }
    }

    /**
     * Whether there is a sign-in again after one was refused.
     *
     * @param {Credentials} refused
     */
    async #renewed(refused) {
        // Another request has been here before, and somebody signed in or out since.
        if (this.#credentials !== refused) return true;
        this.#renewal ??= this.#told.expired().finally(() => {
            this.#renewal = null;
        });
        return this.#renewal;
    }
}

/** @param {unknown} error */
export function isAborted(error) {
    return error instanceof DOMException && error.name === 'AbortError';
}

/**
 * Whether to wait and ask again: never what writes, for it may have been done.
 *
 * @param {Problem} problem
 * @param {Wanted} wanted
 */
function isPutOff({ status, retry_s }, { method = 'GET' }) {
    return PUT_OFF.has(status) && method === 'GET' && retry_s !== null && retry_s <= PATIENCE_S;
}

/** @param {number} ms */
function rest(ms) {
    return new Promise((/** @type {(value: void) => void} */ resolve) => setTimeout(resolve, ms));
}
