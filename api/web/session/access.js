/** Who reads, and whether the service is reached: joins the sign-in and the network to the page. */

/** @import {App, Language, Me, Part, Shown} from '../types.d.ts' */
/** @import {Notice} from '../notice/notice.js' */
import { Banner } from '../notice/banner.js';
import { Connection } from '../notice/connection.js';
import { Missing } from '../notice/missing.js';
import { skeleton } from '../notice/skeleton.js';
import { Keeper } from './keeper.js';
import { LevelLine } from './level.js';

export class Access {
    /** What the requests tell. */
    told = Object.freeze({
        expired: () => this.#keeper?.expired() ?? Promise.resolve(false),
        reached: (/** @type {boolean} */ isReached) => this.#connection?.reached(isReached),
    });
    /** @type {Keeper | null} */
    #keeper = null;
    /** @type {Connection | null} */
    #connection = null;

    /** @type {(language: Language) => void} */
    #speak = () => undefined;

    /**
     * Say the same in another language, also where there is no week to show.
     *
     * @param {Language} language
     */
    speak(language) {
        this.#speak(language);
    }

    /** @returns {Promise<Me | null>} */
    async who() {
        return (await this.#keeper?.who()) ?? null;
    }

    /**
     * Take up what was signed in in this tab, before anything is asked of the service.
     *
     * @param {App} app
     * @param {Notice} notice says what keeps the list from being shown
     * @returns {Part}
     */
    part(app, notice) {
        const keeper = makeKeeper(app);
        const connection = new Connection({
            change: (state) => {
                banner.show(state, app.language());
                if (state === 'reached') notice.again();
            },
            probe: () => app.api.probe(),
        });
        const banner = new Banner(() => connection.try());
        const level = new LevelLine();
        const missing = new Missing(app);
        const waiting = skeleton();
        this.#keeper = keeper;
        this.#connection = connection;
        // A control without anything to choose says nothing: they come with the first week.
        document.documentElement.classList.add('waiting');
        for (const change of ['online', 'offline']) window.addEventListener(change, () => connection.changed());
        app.page.choices.before(keeper.element);
        app.page.scroll.prepend(level.element, missing.element, waiting);
        // Over the map, where it hides no row of the list.
        app.page.stage.append(banner.element);
        this.#speak = (language) => {
            keeper.show(language);
            banner.show(connection.state, language);
            notice.translate(language);
        };
        this.#speak(app.language());
        return {
            show(shown) {
                waiting.remove();
                document.documentElement.classList.remove('waiting');
                level.show(disclosed(shown), shown.me, shown.language);
                missing.show(shown);
            },
        };
    }
}

/** @param {App} app */
function makeKeeper(app) {
    return new Keeper({
        me: () => app.api.me(),
        meAs: (credentials) => app.api.meAs(credentials),
        be: (credentials) => app.api.be(credentials),
        forget: () => app.weeks.forget(),
        changed: () => {
            leaveHotspot(app);
            app.reload();
        },
        left: () => {
            leaveHotspot(app);
            app.restart();
        },
    });
}

/**
 * A hotspot has a number of its own at each level: the one that is shown is not known to another reader.
 *
 * @param {App} app
 */
function leaveHotspot(app) {
    if (app.shown()?.chosen) app.change({ hotspot: null }, { replace: true });
}

/** @param {Shown} shown */
function disclosed({ week: { ranking } }) {
    const { level, disclosure } = ranking;
    if (level === undefined) return null;
    return disclosure?.said === undefined ? { level } : { level, said: disclosure.said };
}
