/** Says of a link to a hotspot that is not on the list where it is found, if anywhere. */

/** @import {App, Shown} from '../types.d.ts' */
import { Problem } from '../problem.js';
import { TEXTS } from '../texts.js';
import { weekDays, weekTitle } from '../weeks/name.js';
import { Notice } from './notice.js';

export class Missing {
    #app;
    #notice = new Notice();
    /** What was looked for, so that it is looked for once. */
    #asked = '';
    /** Where it was last listed; nothing where it never was. @type {string | null} */
    #last = null;

    /** @param {App} app */
    constructor(app) {
        this.#app = app;
    }

    get element() {
        return this.#notice.element;
    }

    /** @param {Shown} shown */
    show(shown) {
        const { view, chosen } = shown;
        if (view.hotspot === null || chosen !== null) {
            this.#asked = '';
            this.#notice.hide();
            return;
        }
        const asked = `${view.hotspot} ${shown.week.ranking.week} ${shown.language} ${shown.me?.level ?? ''}`;
        if (asked === this.#asked) return;
        this.#asked = asked;
        void this.#find(view.hotspot, asked);
    }

    /**
     * @param {string} id
     * @param {string} asked
     */
    async #find(id, asked) {
        try {
            this.#last = await this.#app.api.lastListed(id);
        } catch (error) {
            // That the service is not reached is said elsewhere.
            if (!(error instanceof Problem)) return;
            this.#last = null;
        }
        if (asked === this.#asked) this.#say(id);
    }

    /** @param {string} id */
    #say(id) {
        const language = this.#app.language();
        const texts = TEXTS[language];
        const last = this.#last;
        if (last === null) {
            const remedy = { text: texts.dismiss, act: () => this.#app.change({ hotspot: null }, { replace: true }) };
            this.#notice.show(texts.unknownHotspot, texts.unknownHotspotWhy(id), remedy);
            return;
        }
        const name = `${weekTitle(last, language).toLowerCase()} (${weekDays(last, language)})`;
        const remedy = { text: texts.goToWeek(weekTitle(last, language).toLowerCase()), act: () => this.#app.change({ week: last }) };
        this.#notice.show(texts.hotspotElsewhere, texts.hotspotElsewhereWhy(name), remedy);
    }
}
