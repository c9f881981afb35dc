/** Asks for a key or a token and what for, the first time and when a sign-in has expired. */

/** @import {Credentials, Language, Me} from '../types.d.ts' */
import { button, element } from '../element.js';
import { number } from '../format.js';
import { Problem } from '../problem.js';
import { TEXTS } from '../texts.js';
import { isSendable } from './keep.js';

/**
 * @typedef {object} Told
 * @property {(credentials: Credentials) => Promise<void>} check accepts or refuses; a refusal throws
 * @property {() => void} without go on without signing in
 * @property {() => void} closed whatever came of it
 */

/** @typedef {{language: Language, purposes: Me['purposes'], purpose: string, isAgain: boolean}} How */

export class SignInDialog {
    #told;
    #title = element('h2', '');
    #explanation = element('p', 'signin-why');
    #secretLabel = element('span', 'field-label');
    #secret = element('input', '');
    #purposeLabel = element('span', 'field-label');
    #purpose = element('select', '');
    #hint = element('p', 'signin-hint');
    #wrong = element('p', 'signin-wrong');
    #submit = element('button', 'remedy');
    #cancel = button('quiet-button', () => this.#element.close());
    #without = button('quiet-button', () => this.#leave());
    #form = element(
        'form',
        'signin-form',
        element('label', 'field-main', this.#secretLabel, this.#secret),
        element('label', 'field field-main', this.#purposeLabel, this.#purpose),
        this.#hint,
        this.#wrong,
        element('div', 'signin-buttons', this.#submit, this.#without, this.#cancel),
    );
    #element = element('dialog', 'signin', this.#title, this.#explanation, this.#form);
    /** @type {How} */
    #how = { language: 'nl', purposes: [], purpose: '', isAgain: false };

    /** @param {Told} told */
    constructor(told) {
        this.#told = told;
        this.#secret.type = 'password';
        this.#secret.name = 'secret';
        this.#secret.autocomplete = 'off';
        this.#secret.spellcheck = false;
        this.#secret.required = true;
        this.#purpose.name = 'purpose';
        this.#purpose.required = true;
        this.#submit.type = 'submit';
        this.#wrong.setAttribute('role', 'alert');
        this.#title.id = 'signin-title';
        this.#element.setAttribute('aria-labelledby', this.#title.id);
        this.#form.addEventListener('submit', (event) => {
            event.preventDefault();
            void this.#try();
        });
        this.#element.addEventListener('close', () => {
            this.#secret.value = '';
            this.#told.closed();
        });
    }

    get element() {
        return this.#element;
    }

    /** @param {How} how */
    open(how) {
        this.show(how);
        this.#say('');
        this.#purpose.value = how.purpose;
        if (!this.#element.open) this.#element.showModal();
        this.#secret.focus();
    }

    /** @param {How} how */
    show(how) {
        this.#how = how;
        const texts = TEXTS[how.language];
        const chosen = this.#purpose.value;
        this.#title.textContent = how.isAgain ? texts.signInExpired : texts.signIn;
        this.#explanation.textContent = how.isAgain ? texts.signInExpiredWhy : texts.signInWhy;
        this.#secretLabel.textContent = texts.signInSecret;
        this.#purposeLabel.textContent = texts.signInPurpose;
        this.#hint.textContent = texts.signInHint;
        this.#submit.textContent = texts.signIn;
        this.#cancel.textContent = how.isAgain ? texts.signInLater : texts.signInCancel;
        this.#without.textContent = texts.signInWithout;
        this.#without.hidden = !how.isAgain;
        this.#purpose.replaceChildren(
            new Option(texts.signInChoose, ''),
            ...how.purposes.map(({ code, label }) => new Option(label[how.language], code)),
        );
        this.#purpose.value = chosen;
        // A service that tells no purposes asks for none.
        this.#purpose.required = how.purposes.length > 0;
        this.#purpose.parentElement?.toggleAttribute('hidden', how.purposes.length === 0);
    }

    async #try() {
        const texts = TEXTS[this.#how.language];
        const credentials = Object.freeze({ secret: this.#secret.value.trim(), purpose: this.#purpose.value });
        this.#say('');
        if (!isSendable(credentials.secret)) {
            this.#refuse(texts.signInWrong);
            return;
        }
        this.#submit.disabled = true;
        this.#submit.textContent = texts.signInChecking;
        try {
            await this.#told.check(credentials);
            this.#element.close();
        } catch (error) {
            this.#refuse(refusal(error, this.#how.language));
            if (!(error instanceof Problem || error instanceof TypeError)) throw error;
        } finally {
            this.#submit.disabled = false;
            this.#submit.textContent = texts.signIn;
        }
    }

    #leave() {
        this.#told.without();
        this.#element.close();
    }

    /** @param {string} text */
    #refuse(text) {
        this.#say(text);
        this.#secret.focus();
        this.#secret.select();
    }

    /** @param {string} text */
    #say(text) {
        this.#wrong.textContent = text;
        this.#wrong.hidden = text === '';
        this.#secret.toggleAttribute('aria-invalid', text !== '');
    }
}

/**
 * Why somebody could not sign in, in words.
 *
 * @param {unknown} error
 * @param {Language} language
 */
export function refusal(error, language) {
    const texts = TEXTS[language];
    if (!(error instanceof Problem)) return texts.signInUnreachable;
    if (error.status === 401) return texts.signInWrong;
    if (error.status === 429) return texts.signInTooOften(number(error.retry_s ?? 60, language));
    return texts.signInRefused(error.message);
}
