/** The border between two maps that lie on each other: dragged, or moved with the arrow keys. */

/** @import {Language} from '../types.d.ts' */
import { element } from '../element.js';
import { percentage } from '../format.js';
import { TEXTS } from '../texts.js';

/** Shares of the width; one press of a key moves this far, Page Up and Page Down further. */
const STEP = 0.02;
const STRIDE = 0.1;
/** @type {Readonly<Record<string, (place: number) => number>>} */
const KEYS = Object.freeze({
    ArrowLeft: (place) => place - STEP,
    ArrowDown: (place) => place - STEP,
    ArrowRight: (place) => place + STEP,
    ArrowUp: (place) => place + STEP,
    PageDown: (place) => place - STRIDE,
    PageUp: (place) => place + STRIDE,
    Home: () => 0,
    End: () => 1,
});

export class Swipe {
    #element = element('div', 'swipe', element('span', 'swipe-grip'));
    #move;
    #place = 0.5;
    /** @type {Language} */
    #language = 'nl';
    #names = { left: '', right: '' };

    /** @param {(place: number) => void} move told the share of the width at which the border is */
    constructor(move) {
        this.#move = move;
        this.#element.tabIndex = 0;
        this.#element.setAttribute('role', 'slider');
        this.#element.setAttribute('aria-orientation', 'horizontal');
        this.#element.setAttribute('aria-valuemin', '0');
        this.#element.setAttribute('aria-valuemax', '100');
        this.#element.addEventListener('keydown', (event) => {
            const moved = KEYS[event.key]?.(this.#place);
            if (moved === undefined) return;
            event.preventDefault();
            this.#go(moved);
        });
        this.#element.addEventListener('pointerdown', (event) => {
            this.#element.setPointerCapture(event.pointerId);
            event.preventDefault();
            this.#element.focus();
        });
        this.#element.addEventListener('pointermove', (event) => {
            if (this.#element.hasPointerCapture(event.pointerId)) this.#drag(event.clientX);
        });
    }

    get element() {
        return this.#element;
    }

    get place() {
        return this.#place;
    }

    /**
     * @param {{left: string, right: string}} names of the weeks on both sides
     * @param {Language} language
     */
    show(names, language) {
        this.#names = names;
        this.#language = language;
        this.#element.setAttribute('aria-label', TEXTS[language].swipe(names.left, names.right));
        this.#go(this.#place);
    }

    /** @param {number} clientX */
    #drag(clientX) {
        const under = this.#element.parentElement?.getBoundingClientRect();
        if (under !== undefined && under.width > 0) this.#go((clientX - under.left) / under.width);
    }

    /** @param {number} place */
    #go(place) {
        this.#place = Math.min(1, Math.max(0, place));
        this.#element.style.left = `${this.#place * 100}%`;
        this.#element.setAttribute('aria-valuenow', String(Math.round(this.#place * 100)));
        const share = percentage(this.#place, this.#language);
        this.#element.setAttribute('aria-valuetext', TEXTS[this.#language].swipeShare(share, this.#names.left));
        this.#move(this.#place);
    }
}
