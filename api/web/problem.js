/** What the service says when it does not give what was asked for. */

/** The service answered, but not with what was asked for. */
export class Problem extends Error {
    /**
     * @param {number} status HTTP status
     * @param {string} detail what the service says about it
     * @param {{request?: string | null, retry_s?: number | null}} [more] by which name the service knows the request, and
     *     after how many seconds to ask again
     */
    constructor(status, detail, { request = null, retry_s = null } = {}) {
        super(detail);
        this.name = 'Problem';
        this.status = status;
        this.request = request;
        this.retry_s = retry_s;
    }
}

/**
 * Read a refusal, in the service's own words where it has any.
 *
 * @param {Response} response
 */
export async function problemOf(response) {
    return new Problem(response.status, await detail(response), {
        request: response.headers.get('X-Request-Id'),
        retry_s: retryAfter(response.headers.get('Retry-After')),
    });
}

/**
 * After how many seconds to ask again: the header has seconds or an instant.
 *
 * @param {string | null} text value of `Retry-After`
 * @param {number} [now_ms]
 * @returns {number | null}
 */
export function retryAfter(text, now_ms = Date.now()) {
    if (text === null || text.trim() === '') return null;
    const seconds = /^\d+$/.test(text.trim()) ? Number(text) : (Date.parse(text) - now_ms) / 1000;
    return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : null;
}

/** @param {Response} response */
async function detail(response) {
    const status = `${response.status} ${response.statusText}`.trim();
    if (!/json/.test(response.headers.get('Content-Type') ?? '')) return status;
    try {
        /** @type {{detail?: unknown, title?: unknown}} */
        const problem = await response.json();
        return String(problem.detail ?? problem.title ?? status);
    } catch {
        // What was begun as JSON may break off.
        return status;
    }
}
