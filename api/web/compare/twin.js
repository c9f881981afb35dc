/** The map of the other week, beside the first or under a border that is moved. */

/** @import {App, Camera, CompareHow, DeckLibrary, Language, Row} from '../types.d.ts' */
import { element } from '../element.js';
import { HotspotMap } from '../map/map.js';
import { weekTitle } from '../weeks/name.js';
import { inOrder } from './difference.js';
import { Swipe } from './swipe.js';

/** @typedef {{week: string, other: string, rows: readonly Row[], how: CompareHow, language: Language}} Pair */

export class Twin {
    #app;
    #map;
    #swipe = new Swipe(() => this.#clip());
    #left = element('span', 'compare-name compare-left');
    #right = element('span', 'compare-name compare-right');
    #unfollow;
    #isLeft = true;
    /** @type {CompareHow} */
    #how = 'swipe';

    /**
     * @param {App} app
     * @param {DeckLibrary} library
     */
    constructor(app, library) {
        this.#app = app;
        const told = {
            choose: (/** @type {string | null} */ id) => (id === null ? app.close() : app.open(id)),
            point: (/** @type {string | null} */ id) => app.point(id),
            move: (/** @type {Camera} */ camera) => {
                app.map.look(camera);
                app.moved(camera);
            },
            besides: () => 0,
        };
        this.#map = new HotspotMap(told, { tools: false });
        this.#map.element.classList.add('map-other');
        app.map.element.after(this.#map.element, this.#left, this.#right, this.#swipe.element);
        this.#map.lay(app.shown()?.areas ?? [], app.map.camera);
        this.#map.start(library);
        this.#unfollow = app.map.follow((camera) => this.#map.look(camera));
    }

    /** @param {Pair} pair */
    show({ week, other, rows, how, language }) {
        const [earlier, later] = inOrder(week, other);
        this.#isLeft = other === earlier;
        this.#divide(how);
        this.#map.element.classList.toggle('map-left', this.#isLeft);
        this.#app.map.element.classList.toggle('map-left', !this.#isLeft);
        const names = { left: weekTitle(earlier, language), right: weekTitle(later, language) };
        this.#left.textContent = names.left;
        this.#right.textContent = names.right;
        this.#swipe.element.hidden = how !== 'swipe';
        this.#swipe.show(names, language);
        this.#map.show(rows, { language, credit: '', warning: '', name: other });
        // Two maps of one name could not be told from each other by whoever hears them.
        this.#map.element.setAttribute('aria-label', weekTitle(other, language));
        this.#clip();
    }

    /** @param {CompareHow} how */
    #divide(how) {
        const { stage } = this.#app.page;
        const isOther = !stage.classList.contains(`compare-${how}`);
        this.#how = how;
        stage.classList.toggle('compare-side', how === 'side');
        stage.classList.toggle('compare-swipe', how === 'swipe');
        // Half a map has no room for what lies over it.
        if (how === 'side' && isOther) stage.querySelector('.legend')?.removeAttribute('open');
        // Who has not looked for anything yet sees the whole of both.
        const shown = this.#app.shown();
        if (isOther && shown?.view.camera === null) this.#app.map.flyToAreas(shown.areas, { right_px: 0, bottom_px: 0 });
    }

    /** @param {string | null} id */
    light(id) {
        this.#map.light(id);
    }

    /** @param {Row | null} row */
    choose(row) {
        this.#map.choose(row);
    }

    stop() {
        this.#unfollow();
        this.#map.destroy();
        for (const one of [this.#left, this.#right, this.#swipe.element]) one.remove();
        this.#app.page.stage.classList.remove('compare-side', 'compare-swipe');
        this.#app.map.element.classList.remove('map-left');
    }

    /** Of the other map, which lies above, only its own side of the border is seen. */
    #clip() {
        const place = this.#how === 'swipe' ? this.#swipe.place * 100 : 50;
        for (const name of [this.#left, this.#right]) name.style.setProperty('--border', `${place}%`);
        const cut = this.#isLeft ? `inset(0 ${100 - place}% 0 0)` : `inset(0 0 0 ${place}%)`;
        this.#map.element.style.clipPath = this.#how === 'swipe' ? cut : 'none';
    }
}
