/** Where a note is written: keeps what is typed, says what is wrong, and hands over what is right, once. */

/** @import {Language} from '../types.d.ts' */
/** @import {Action, Draft, Field, Mistake} from '../panel/types.js' */
import { button, element } from '../element.js';
import { number } from '../format.js';
import { TEXTS } from '../texts.js';
import { begun, MAX_NAME, MAX_TEXT, mayFollow, mistakes, STEPS, VERDICTS } from './draft.js';

/** @typedef {{state: 'idle'} | {state: 'sending'} | {state: 'failed', message: string} | {state: 'sent'}} Sending */

/** @typedef {{changed: (draft: Draft) => void, send: (draft: Draft) => void, discard: () => void}} Heard */

/** @type {Readonly<Partial<Record<Field, number>>>} */
const MOST = Object.freeze({ text: MAX_TEXT, what: MAX_TEXT, who: MAX_NAME });

let made = 0;

export class NoteForm {
    #heard;
    #language;
    /** @type {Action | null} */
    #earlier;
    /** Names of the fields must differ from those of every other form on the page. */
    #name = `note-${(made += 1)}`;
    #body = element('fieldset', 'note-body');
    #status = element('p', 'note-status');
    #actionPart = element('fieldset', 'note-action');
    /** @type {{text: HTMLTextAreaElement, what: HTMLInputElement, who: HTMLInputElement, due: HTMLInputElement}} */
    #fields;
    #statusChoice = element('select', 'note-input');
    #acts = element('input', '');
    /** @type {HTMLInputElement[]} */
    #verdicts = [];
    /** @type {Map<Field, HTMLElement>} */
    #wrongs = new Map();
    #element = element('form', 'note-form');

    /**
     * @param {Language} language
     * @param {Action | null} earlier the action as it stands
     * @param {Draft | null} draft what was typed before
     * @param {Heard} heard
     */
    constructor(language, earlier, draft, heard) {
        this.#heard = heard;
        this.#language = language;
        this.#earlier = earlier;
        this.#fields = {
            text: element('textarea', 'note-input'),
            what: element('input', 'note-input'),
            who: element('input', 'note-input'),
            due: element('input', 'note-input'),
        };
        this.#fields.text.rows = 3;
        this.#fields.due.type = 'date';
        this.#build();
        this.#fill(draft ?? begun(earlier));
        this.#status.setAttribute('role', 'status');
        this.#element.noValidate = true;
        this.#element.append(this.#body, this.#status);
        this.#element.addEventListener('submit', (event) => {
            event.preventDefault();
            this.#submit();
        });
        this.#element.addEventListener('input', () => {
            this.#reveal();
            heard.changed(this.draft);
        });
    }

    get element() {
        return this.#element;
    }

    /** @returns {Draft} */
    get draft() {
        const { text, what, who, due } = this.#fields;
        return {
            verdict: VERDICTS.find((_, place) => this.#verdicts[place]?.checked === true) ?? 'remark',
            text: text.value,
            acts: this.#acts.checked,
            what: what.value,
            who: who.value,
            due: due.value,
            status: STEPS.find((step) => step === this.#statusChoice.value) ?? 'signalled',
        };
    }

    focus() {
        this.#verdicts.find(({ checked }) => checked)?.focus();
    }

    /** @param {Sending} sending */
    show(sending) {
        const texts = TEXTS[this.#language];
        this.#body.disabled = sending.state === 'sending';
        this.#status.className = `note-status note-${sending.state}`;
        const waiting = sending.state === 'sending' ? texts.noteSending : '';
        this.#status.textContent = sending.state === 'failed' ? sending.message : waiting;
    }

    #submit() {
        if (this.#body.disabled) return;
        const { draft } = this;
        const found = mistakes(draft, this.#earlier);
        this.#complain(found);
        if (found.length === 0) this.#heard.send(draft);
    }

    /** @param {readonly Mistake[]} found */
    #complain(found) {
        const texts = TEXTS[this.#language];
        for (const [field, wrong] of this.#wrongs) {
            const mistake = found.find((one) => one.field === field);
            wrong.textContent = mistake === undefined ? '' : texts.noteMistakes[mistake.why](number(MOST[field] ?? 0, this.#language));
            const input = this.#input(field);
            if (mistake === undefined) input?.removeAttribute('aria-invalid');
            else input?.setAttribute('aria-invalid', 'true');
        }
        if (found.length === 0) return;
        this.#status.className = 'note-status note-failed';
        const large = found.some(({ why }) => why === 'large');
        this.#status.textContent = large ? texts.noteMistakes.large('') : texts.noteWrong(found.length);
        if (found[0] !== undefined) this.#input(found[0].field)?.focus();
    }

    /** @param {Field} field */
    #input(field) {
        if (field === 'status') return this.#statusChoice;
        return field === 'whole' ? null : this.#fields[field];
    }

    #build() {
        const texts = TEXTS[this.#language];
        const verdicts = VERDICTS.map((verdict) => {
            const input = element('input', '');
            input.type = 'radio';
            input.name = `${this.#name}-verdict`;
            input.value = verdict;
            this.#verdicts.push(input);
            return element('label', 'note-choice', input, texts.verdictChoices[verdict]);
        });
        const choice = element('fieldset', 'note-verdicts', element('legend', '', texts.verdictAsk), ...verdicts);
        this.#acts.type = 'checkbox';
        for (const step of STEPS) {
            const option = element('option', '', texts.statuses[step]);
            option.value = step;
            option.disabled = !mayFollow(this.#earlier?.status ?? null, step);
            this.#statusChoice.append(option);
        }
        this.#actionPart.append(
            element('legend', 'unseen', texts.action),
            this.#labelled('what', texts.actionWhat),
            this.#labelled('who', texts.actionWho, texts.actionWhoWhy),
            element('div', 'note-pair', this.#labelled('due', texts.actionDue), this.#labelled('status', texts.actionStatus)),
        );
        const save = element('button', 'note-save', texts.noteSave);
        save.type = 'submit';
        const drop = button('note-drop', () => this.#heard.discard(), texts.noteDiscard);
        this.#body.append(
            choice,
            this.#labelled('text', texts.noteText, texts.noteNoPersons),
            element('label', 'note-choice', this.#acts, texts.noteActs),
            this.#actionPart,
            element('div', 'note-buttons', save, drop),
        );
    }

    /**
     * A field with its name, what to mind, and room for what is wrong with it.
     *
     * @param {Exclude<Field, 'whole'>} field
     * @param {string} name
     * @param {string} [mind]
     */
    #labelled(field, name, mind) {
        const input = this.#input(field);
        if (input === null) return element('div', '');
        const id = `${this.#name}-${field}`;
        input.id = id;
        const label = element('label', 'note-label', name);
        label.htmlFor = id;
        const hint = element('span', 'note-hint', mind ?? '');
        hint.id = `${id}-hint`;
        const wrong = element('span', 'note-wrong');
        wrong.id = `${id}-wrong`;
        this.#wrongs.set(field, wrong);
        input.setAttribute('aria-describedby', `${hint.id} ${wrong.id}`);
        return element('div', 'note-field', label, ...(mind === undefined ? [] : [hint]), input, wrong);
    }

    /** @param {Draft} draft */
    #fill(draft) {
        for (const [place, verdict] of VERDICTS.entries()) {
            const input = this.#verdicts[place];
            if (input !== undefined) input.checked = draft.verdict === verdict;
        }
        for (const name of /** @type {const} */ (['text', 'what', 'who', 'due'])) this.#fields[name].value = draft[name];
        this.#acts.checked = draft.acts;
        this.#statusChoice.value = draft.status;
        this.#reveal();
    }

    #reveal() {
        this.#actionPart.hidden = !this.#acts.checked;
    }
}
