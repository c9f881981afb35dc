/** What professionals say of a hotspot and do about it: read by who may, and written. */

/** @import {Language, Me} from '../types.d.ts' */
/** @import {Action, Draft, NewNote, Note, NotesFilled} from '../panel/types.js' */
/** @import {Sending} from './form.js' */
import { button, element } from '../element.js';
import { dayOf, moment, number } from '../format.js';
import { TEXTS } from '../texts.js';
import { isTyped, note } from './draft.js';
import { NoteForm } from './form.js';
import { age, openAction } from './standing.js';

/** @typedef {{send: (id: string, note: NewNote) => void, again: () => void}} Heard */

/** @typedef {{id: string, language: Language, me: Me | null, filled: NotesFilled, now_ms: number}} Told */

/**
 * Whether somebody may read and write notes; the service asks once more.
 *
 * @param {Me | null} me
 */
export function mayNote(me) {
    return me !== null && me.level === 'internal' && me.scopes.includes('notes');
}

export class Notes {
    #element = element('section', 'notes');
    #read = element('div', '');
    #write = element('div', '');
    #saved = element('p', 'notes-saved');
    #heard;
    #drafts;
    /** @type {NoteForm | null} */
    #form = null;
    /** Of what the form is: another hotspot, language or standing action makes another. */
    #formKey = '';
    /** @type {Told | null} */
    #told = null;
    /** How sending goes, by hotspot. @type {Map<string, Sending>} */
    #sending = new Map();

    /**
     * @param {import('./drafts.js').Drafts} drafts
     * @param {Heard} heard
     */
    constructor(drafts, heard) {
        this.#drafts = drafts;
        this.#heard = heard;
        this.#saved.setAttribute('role', 'status');
        this.#element.append(this.#read, this.#saved, this.#write);
    }

    get element() {
        return this.#element;
    }

    /** @param {Told} told */
    show(told) {
        this.#told = told;
        const texts = TEXTS[told.language];
        this.#element.setAttribute('aria-label', texts.notes);
        this.#read.replaceChildren(element('h3', '', texts.notes), ...this.#lines(told));
        this.#saved.textContent = this.#sending.get(told.id)?.state === 'sent' ? texts.noteSent : '';
        this.#showForm(told);
    }

    /**
     * How sending a note goes. What was sent is no draft any more.
     *
     * @param {string} id
     * @param {Sending} sending
     */
    sending(id, sending) {
        this.#sending.set(id, sending);
        if (sending.state === 'sent') this.#drafts.drop(id);
        if (this.#told?.id !== id) return;
        const wrote = this.#write.contains(document.activeElement) || document.activeElement === document.body;
        if (sending.state === 'sent') this.#formKey = '';
        this.show(this.#told);
        // The button that was pressed is gone: the next note begins where this one did.
        if (sending.state === 'sent' && wrote) this.#write.querySelector('summary')?.focus();
    }

    /** @param {Told} told */
    #lines({ filled, language, me, now_ms }) {
        const texts = TEXTS[language];
        if (!mayNote(me)) return [element('p', 'notes-none', texts.notesNotTold)];
        if (filled.state === 'failed') {
            const again = button('panel-again', () => this.#heard.again(), texts.retry);
            return [element('p', 'notes-none', filled.message), again];
        }
        if (filled.state !== 'told') return [element('p', 'notes-none', texts.notesLoading)];
        const { dossier } = filled;
        const open = openAction(dossier, now_ms);
        const lines = [...dossier.notes].reverse().map((one) => line(one, language));
        return [
            element('p', 'notes-apart', texts.notesApart),
            ...(open === null || dossier.action === null ? [] : [standing(dossier.action, open, language)]),
            lines.length === 0
                ? element('p', 'notes-none', texts.notesEmpty)
                : element('ol', 'notes-list', ...lines),
        ];
    }

    /** @param {Told} told */
    #showForm({ id, language, me, filled }) {
        // What is being typed stays on the screen while the notes are read anew.
        if (!mayNote(me)) return this.#hideForm();
        if (filled.state !== 'told' && this.#form === null) return this.#hideForm();
        const action = filled.state === 'told' ? filled.dossier.action : null;
        const key = JSON.stringify([id, language, action]);
        if (filled.state === 'told' && key !== this.#formKey) this.#open({ id, language, action }, key);
        this.#form?.show(this.#sending.get(id) ?? { state: 'idle' });
    }

    #hideForm() {
        this.#form = null;
        this.#formKey = '';
        this.#write.replaceChildren();
    }

    /**
     * @param {{id: string, language: Language, action: Action | null}} of
     * @param {string} key
     */
    #open({ id, language, action }, key) {
        const texts = TEXTS[language];
        const kept = this.#drafts.read(id);
        const form = new NoteForm(language, action, kept, {
            changed: (draft) => {
                this.#keep(id, draft);
                this.#sending.delete(id);
                this.#saved.textContent = '';
            },
            send: (draft) => this.#send(id, draft),
            discard: () => this.#discard(id),
        });
        this.#form = form;
        this.#formKey = key;
        const isOpen = kept !== null && isTyped(kept);
        const folded = element('details', 'note-fold', element('summary', '', texts.noteAdd));
        folded.open = isOpen;
        folded.append(...(isOpen ? [element('p', 'note-kept', texts.noteKept)] : []), form.element);
        this.#write.replaceChildren(folded);
    }

    /**
     * @param {string} id
     * @param {Draft} draft
     */
    #keep(id, draft) {
        if (isTyped(draft)) this.#drafts.keep(id, draft);
        else this.#drafts.drop(id);
    }

    /**
     * @param {string} id
     * @param {Draft} draft
     */
    #send(id, draft) {
        // Whatever is pressed twice is sent once.
        if (this.#sending.get(id)?.state === 'sending') return;
        this.sending(id, { state: 'sending' });
        this.#heard.send(id, note(draft));
    }

    /** @param {string} id */
    #discard(id) {
        this.#drafts.drop(id);
        this.#sending.delete(id);
        this.#formKey = '';
        if (this.#told !== null) this.show(this.#told);
        this.#write.querySelector('summary')?.focus();
    }
}

/**
 * @param {Note} told
 * @param {Language} language
 */
function line({ author, written_at, verdict, text, action }, language) {
    const texts = TEXTS[language];
    const when = element('time', '', moment(written_at, language));
    when.dateTime = written_at;
    const head = element('p', 'notes-head', element('strong', '', author), ' ', when);
    if (verdict !== null) head.append(' ', element('span', `notes-verdict verdict-${verdict}`, texts.verdicts[verdict]));
    return element(
        'li',
        '',
        head,
        ...(text === '' ? [] : [element('p', 'notes-text', text)]),
        ...(action === null ? [] : [element('p', 'notes-action', doing(action, language))]),
    );
}

/**
 * @param {Action} action
 * @param {Language} language
 */
function doing({ what, who, due, status }, language) {
    const texts = TEXTS[language];
    const until = due === null ? '' : `, ${texts.actionUntil(dayOf(due, language))}`;
    return `${texts.action}: ${what} (${who}${until}): ${texts.statuses[status]}`;
}

/**
 * The open action, which ages in sight.
 *
 * @param {Action} action
 * @param {{days: number, late_days: number, since: string}} open
 * @param {Language} language
 */
function standing(action, open, language) {
    const texts = TEXTS[language];
    const how = age(open);
    const days = texts.days(number(open.days, language), open.days);
    const late = texts.actionLate(texts.days(number(open.late_days, language), open.late_days));
    const since = open.days === 0 ? texts.actionToday : texts.actionOpen(days);
    const said = how === 'late' ? `${since}; ${late}` : since;
    return element(
        'div',
        `notes-open notes-${how}`,
        element('p', 'notes-age', said),
        element('p', 'notes-what', doing(action, language)),
    );
}
