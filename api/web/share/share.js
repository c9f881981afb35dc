/** A link to what is shown, and a piece of another page that shows the map. */

/** @import {App, Part, Shown} from '../types.d.ts' */
import { button, element } from '../element.js';
import { TEXTS } from '../texts.js';
import { Flyout } from '../toolbar/flyout.js';
import { icon } from '../toolbar/icons.js';

class Share {
    #app;
    #why = element('p', 'flyout-why');
    #link = element('textarea', '');
    #copyLink = button('flyout-button', () => void this.#copy(this.#link));
    #embedTitle = element('h3', '');
    #embedWhy = element('p', 'flyout-why');
    #code = element('textarea', '');
    #copyCode = button('flyout-button', () => void this.#copy(this.#code));
    #said = element('p', 'flyout-said');
    #embed = element('div', 'flyout-buttons', this.#embedTitle, this.#embedWhy, this.#code, this.#copyCode);
    #flyout;

    /** @param {App} app */
    constructor(app) {
        this.#app = app;
        this.#said.setAttribute('role', 'status');
        this.#embed.hidden = true;
        for (const field of [this.#link, this.#code]) {
            field.readOnly = true;
            field.rows = 3;
            field.addEventListener('focus', () => field.select());
        }
        this.#flyout = new Flyout(
            { name: 'share', icon: icon('share'), opened: () => this.#opened() },
            this.#why,
            this.#link,
            this.#copyLink,
            this.#embed,
            this.#said,
        );
    }

    get element() {
        return this.#flyout.element;
    }

    /** @param {Shown} shown */
    show({ language, me }) {
        const texts = TEXTS[language];
        this.#flyout.show(texts.share);
        this.#why.textContent = me === null || me.level === 'open' ? texts.shareWhy : texts.shareWhyLevel;
        this.#link.setAttribute('aria-label', texts.shareLink);
        this.#code.setAttribute('aria-label', texts.shareCode);
        this.#copyLink.textContent = texts.copyLink;
        this.#embedTitle.textContent = texts.embed;
        this.#embedWhy.textContent = texts.embedWhy;
        this.#copyCode.textContent = texts.copyCode;
        if (this.#flyout.isOpen) this.#write();
    }

    #opened() {
        this.#said.textContent = '';
        this.#write();
        void this.#offer();
    }

    /** Only where the service lets another page show the map is there a code for it. */
    async #offer() {
        try {
            const { embeddable } = await this.#app.api.settings();
            this.#embed.hidden = !embeddable;
        } catch {
            // Then the link is all there is.
            this.#embed.hidden = true;
        }
    }

    #write() {
        const shown = this.#app.shown();
        if (shown === null) return;
        this.#link.value = this.#app.link({ language: shown.language });
        this.#code.value = embedCode(this.#app.link({ language: shown.language, embed: true }), document.title);
    }

    /** @param {HTMLTextAreaElement} field */
    async #copy(field) {
        const texts = TEXTS[this.#app.language()];
        try {
            await navigator.clipboard.writeText(field.value);
            this.#said.textContent = texts.copied;
        } catch {
            // No clipboard without https, or forbidden: the text is marked, and one press of keys copies it.
            field.focus();
            field.select();
            this.#said.textContent = texts.copyYourself;
        }
    }
}

/**
 * @param {App} app
 * @returns {Part & {element: HTMLElement}}
 */
export function shareTool(app) {
    return new Share(app);
}

/**
 * What another page takes in to show the map.
 *
 * @param {string} address
 * @param {string} title
 */
export function embedCode(address, title) {
    const written = (/** @type {string} */ text) =>
        text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    return `<iframe src="${written(address)}" title="${written(title)}" width="800" height="600" loading="lazy"></iframe>`;
}
