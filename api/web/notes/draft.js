/** A note that is being written: what is wrong with it, and what is sent. Pure; the service decides by the same rules. */

/** @import {Action, Dossier, Draft, Field, Mistake, NewNote, Note, Status} from '../panel/types.js' */

export const MAX_TEXT = 2000;
export const MAX_NAME = 100;
/** Bytes that the service reads of a note. */
const MAX_BYTES = 16_384;

/** How far an action is, in the order in which it goes. @type {readonly Status[]} */
export const STEPS = Object.freeze(['signalled', 'interpreted', 'agreed', 'under_way', 'evaluated', 'closed']);

/** @type {readonly Draft['verdict'][]} */
export const VERDICTS = Object.freeze(['confirmed', 'rejected', 'remark']);

/** @type {Draft} */
export const EMPTY = Object.freeze({
    verdict: 'remark',
    text: '',
    acts: false,
    what: '',
    who: '',
    due: '',
    status: 'signalled',
});

/**
 * A draft to begin with: the action as it stands is carried on.
 *
 * @param {Action | null} action
 * @returns {Draft}
 */
export function begun(action) {
    if (action === null || action.status === 'closed') return EMPTY;
    const { what, who, due, status } = action;
    return Object.freeze({ ...EMPTY, what, who, due: due ?? '', status });
}

/**
 * Whether anything was typed that would be lost.
 *
 * @param {Draft} draft
 */
export function isTyped(draft) {
    return draft.text.trim() !== '' || draft.acts || draft.verdict !== EMPTY.verdict;
}

/**
 * What is sent. A remark without words beside an action is none.
 *
 * @param {Draft} draft
 * @returns {NewNote}
 */
export function note({ verdict, text, acts, what, who, due, status }) {
    const action = acts ? { what: what.trim(), who: who.trim(), due: due === '' ? null : due, status } : null;
    const says = text.trim();
    return { verdict: verdict === 'remark' && says === '' && acts ? null : verdict, text: says, action };
}

/**
 * All that is wrong with a draft.
 *
 * @param {Draft} draft
 * @param {Action | null} earlier the action as it stands
 * @returns {Mistake[]}
 */
export function mistakes(draft, earlier) {
    const sent = note(draft);
    /** @type {Mistake[]} */
    const found = textMistakes('text', sent.text, MAX_TEXT, sent.action === null ? 1 : 0);
    if (sent.action !== null) {
        found.push(
            ...textMistakes('what', sent.action.what, MAX_TEXT, 1),
            ...textMistakes('who', sent.action.who, MAX_NAME, 1),
            ...(isDay(draft.due) ? [] : [/** @type {Mistake} */ ({ field: 'due', why: 'date' })]),
            ...(mayFollow(earlier?.status ?? null, sent.action.status)
                ? []
                : [/** @type {Mistake} */ ({ field: 'status', why: 'back' })]),
        );
    }
    const bytes = new TextEncoder().encode(JSON.stringify(sent)).length;
    if (found.length === 0 && bytes > MAX_BYTES) found.push({ field: 'whole', why: 'large' });
    return found;
}

/**
 * An action goes forward only; a closed one may be taken up again from the start.
 *
 * @param {Status | null} before
 * @param {Status} after
 */
export function mayFollow(before, after) {
    if (before === null) return true;
    return STEPS.indexOf(after) >= STEPS.indexOf(before) || (before === 'closed' && after === 'signalled');
}

/**
 * @param {Field} field
 * @param {string} value
 * @param {number} most
 * @param {number} least
 * @returns {Mistake[]}
 */
function textMistakes(field, value, most, least) {
    // The service counts characters, not the halves of them in which a browser stores some.
    const length = [...value].length;
    if (length < least) return [{ field, why: 'empty' }];
    if (length > most) return [{ field, why: 'long' }];
    // eslint-disable-next-line no-control-regex
    return /[\u0000-\u0008\u000b-\u001f]/.test(value) ? [{ field, why: 'control' }] : [];
}

/** @param {string} text ISO date, or empty for none */
function isDay(text) {
    if (text === '') return true;
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
    const day = new Date(`${text}T00:00:00Z`);
    return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/**
 * Whether a note is already there: a connection can break after the service kept it and before it could say so.
 *
 * @param {Dossier} dossier
 * @param {NewNote} sent
 * @param {number} before how many notes there were when it was sent first
 */
export function isKept({ notes }, sent, before) {
    return notes.slice(before).some((one) => isSame(one, sent));
}

/**
 * @param {Note} one
 * @param {NewNote} other
 */
function isSame({ verdict, text, action }, other) {
    const flat = (/** @type {Action | null} */ act) =>
        act === null ? null : [act.what, act.who, act.due, act.status];
    return (
        JSON.stringify([verdict, text, flat(action)]) === JSON.stringify([other.verdict, other.text, flat(other.action)])
    );
}
