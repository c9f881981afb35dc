/** Two weeks at once: the map of the other week, and what differs in words. */

/** @import {App, CompareHow, DeckLibrary, Shown, Week} from '../types.d.ts' */
import { isAborted } from '../asking.js';
import { button, element } from '../element.js';
import { Problem } from '../problem.js';
import { selected } from '../selection.js';
import { TEXTS } from '../texts.js';
import { Flyout } from '../toolbar/flyout.js';
import { icon } from '../toolbar/icons.js';
import { weekDays, weekTitle } from '../weeks/name.js';
import { difference, inOrder } from './difference.js';
import { DifferenceList, summary } from './list.js';
import { Twin } from './twin.js';

/** Below this width two maps beside each other are too narrow to be read. */
const NARROW = '(max-width: 759px)';

/** @type {readonly CompareHow[]} */
const HOW = Object.freeze(['swipe', 'side']);

export class Compare {
    #app;
    #label = element('span', 'field-label');
    #select = element('select', '');
    #how = element('div', 'compare-how');
    #hint = element('p', 'flyout-why');
    #stop = button('flyout-button', () => this.#end());
    #flyout;
    #list;
    /** @type {Twin | null} */
    #twin = null;
    #announced = '';

    /** @param {App} app */
    constructor(app) {
        this.#app = app;
        this.#select.addEventListener('change', () => this.#choose(this.#select.value));
        this.#how.setAttribute('role', 'group');
        for (const how of HOW) {
            const made = button('', () => app.change({ how }), '');
            made.dataset['how'] = how;
            this.#how.append(made);
        }
        const field = element('div', 'field', element('label', 'field-main', this.#label, this.#select));
        this.#flyout = new Flyout({ name: 'compare', icon: icon('compare') }, field, this.#how, this.#hint, this.#stop);
        this.#list = new DifferenceList({
            choose: (row, isGone) => (isGone ? app.map.flyTo(row, { right_px: 0, bottom_px: 0 }) : app.open(row.hotspot.id)),
            point: (id) => app.point(id),
            stop: () => this.#end(),
        });
        app.page.scroll.prepend(this.#list.element);
        window.matchMedia(NARROW).addEventListener('change', () => {
            const shown = app.shown();
            if (shown !== null) this.show(shown);
        });
    }

    get element() {
        return this.#flyout.element;
    }

    /** @param {Shown} shown */
    show(shown) {
        const { view } = shown;
        this.#controls(shown);
        const wanted = view.compare === shown.week.ranking.week ? null : view.compare;
        if (wanted === null) {
            this.#clear();
            return;
        }
        const kept = this.#app.weeks.kept(wanted);
        if (kept === undefined) void this.#read(wanted);
        else this.#draw(shown, kept);
    }

    /** @param {string | null} id */
    light(id) {
        this.#twin?.light(id);
    }

    /** @param {Shown} shown */
    #controls({ view, language, week, weeks }) {
        const texts = TEXTS[language];
        const isOn = view.compare !== null && view.compare !== week.ranking.week;
        this.#flyout.show(texts.compare, isOn);
        this.#label.textContent = texts.compareWith(weekTitle(week.ranking.week, language));
        const others = weeks.filter((one) => one.week !== week.ranking.week);
        this.#select.replaceChildren(
            new Option(texts.compareChoose, ''),
            ...others.map((one) => new Option(`${weekTitle(one.week, language)}: ${weekDays(one.week, language)}`, one.week)),
        );
        this.#select.value = isOn ? (view.compare ?? '') : '';
        const isNarrow = window.matchMedia(NARROW).matches;
        this.#how.setAttribute('aria-label', texts.compareHow);
        for (const made of this.#how.querySelectorAll('button')) {
            const how = made.dataset['how'] === 'side' ? 'side' : 'swipe';
            made.textContent = texts.compareHows[how];
            made.setAttribute('aria-pressed', String(how === (isNarrow ? 'swipe' : view.how)));
            made.disabled = isNarrow && how === 'side';
        }
        this.#hint.textContent = others.length === 0 ? texts.compareNone : isNarrow ? texts.compareNarrow : '';
        this.#hint.hidden = this.#hint.textContent === '';
        this.#stop.textContent = texts.compareStop;
        this.#stop.hidden = !isOn;
    }

    /** @param {string} week */
    #choose(week) {
        this.#app.change({ compare: week === '' ? null : week });
    }

    #end() {
        this.#app.change({ compare: null });
        this.#flyout.done();
    }

    /** @param {string} wanted */
    async #read(wanted) {
        try {
            await this.#app.weeks.read(wanted);
        } catch (error) {
            if (isAborted(error)) return;
            this.#refuse(error, wanted);
            return;
        }
        const shown = this.#app.shown();
        if (shown?.view.compare === wanted) this.show(shown);
    }

    /**
     * @param {unknown} error
     * @param {string} wanted
     */
    #refuse(error, wanted) {
        this.#clear();
        // Out of reach, it is tried again with the next change; what is not there is no choice.
        if (!(error instanceof Problem) || this.#app.view().compare !== wanted) return;
        this.#app.announce(TEXTS[this.#app.language()].unknownWeekTitle(wanted));
        this.#app.change({ compare: null }, { replace: true });
    }

    /**
     * @param {Shown} shown
     * @param {Week} other
     */
    #draw(shown, other) {
        const { view, language, areas } = shown;
        const [week, otherWeek] = [shown.week.ranking.week, other.ranking.week];
        // A lifecycle and a change are those of each week: by them nothing could be compared.
        const alike = { ...view, lifecycle: null, changed: false };
        const rows = selected(shown.week, alike, { language, areas }).rows;
        const otherRows = selected(other, alike, { language, areas }).rows;
        const [earlier, later] = inOrder(week, otherWeek);
        const found = week === later ? difference(otherRows, rows) : difference(rows, otherRows);
        this.#list.show({ earlier, later, difference: found, language });
        const says = `${TEXTS[language].compared(weekTitle(later, language), weekTitle(earlier, language))}: ${summary(found, language)}`;
        if (says !== this.#announced) this.#app.announce(says);
        this.#announced = says;
        const library = deckLibrary();
        // Without a map the words say it; once the map is there everything is shown again.
        if (library === null || this.#app.map.camera === null) return;
        this.#twin ??= new Twin(this.#app, library);
        const how = window.matchMedia(NARROW).matches ? 'swipe' : view.how;
        const ranked = [...otherRows].sort((one, another) => one.hotspot.rank - another.hotspot.rank);
        this.#twin.show({ week, other: otherWeek, rows: ranked, how, language });
        this.#twin.choose(otherRows.find(({ hotspot }) => hotspot.id === view.hotspot) ?? null);
    }

    #clear() {
        this.#twin?.stop();
        this.#twin = null;
        this.#announced = '';
        this.#list.hide();
    }
}

/** @returns {DeckLibrary | null} the map library once it is loaded */
function deckLibrary() {
    const { deck } = /** @type {{deck?: DeckLibrary}} */ (/** @type {unknown} */ (globalThis));
    return deck ?? null;
}
