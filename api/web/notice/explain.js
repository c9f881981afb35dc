/** What went wrong, in the reader's words, and what to do about it. Pure. */

/** @import {Language} from '../types.d.ts' */
import { number } from '../format.js';
import { Problem } from '../problem.js';
import { TEXTS } from '../texts.js';

/** @typedef {{title: string, explanation: string, reference: string, retry_s: number | null}} Explained */

/**
 * @param {unknown} error
 * @param {Language} language
 * @returns {Explained}
 */
export function explain(error, language) {
    const texts = TEXTS[language];
    if (!(error instanceof Problem)) {
        return { title: texts.failed, explanation: texts.unreachable, reference: '', retry_s: null };
    }
    const reference = error.request === null ? '' : texts.reference(error.request);
    return { ...refused(error, language), reference, retry_s: error.retry_s };
}

/**
 * @param {Problem} problem
 * @param {Language} language
 * @returns {Pick<Explained, 'title' | 'explanation'>}
 */
function refused({ status, message, retry_s }, language) {
    const texts = TEXTS[language];
    if (status === 401) return { title: texts.needsSignIn, explanation: texts.needsSignInWhy };
    if (status === 403) return { title: texts.forbidden, explanation: message };
    if (status === 404) return { title: texts.notThere, explanation: message };
    if (status === 429) return { title: texts.tooMuch, explanation: texts.tooMuchWhy(number(retry_s ?? 60, language)) };
    if (status === 503) {
        const when = retry_s === null ? '' : ` ${texts.triesAgain(number(retry_s, language))}`;
        return { title: texts.busyNow, explanation: `${message}${when}` };
    }
    if (status >= 500) return { title: texts.brokenDown, explanation: message };
    return { title: texts.failed, explanation: message };
}
