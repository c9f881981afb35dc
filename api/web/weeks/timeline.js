/** The published weeks from the oldest to the latest: a slider, its steps, and how many hotspots each has. */

/** @import {Edition, Language} from '../types.d.ts' */
import { button, element } from '../element.js';
import { TEXTS } from '../texts.js';
import { weekDays, weekTitle } from './name.js';
import { Player } from './player.js';
import { marks } from './ticks.js';

/** @typedef {{replace: boolean}} How whether it is no step back in the history */

export class Timeline {
    #choose;
    #player = new Player(() => this.#playOn(), isCalm);
    #play = button('step step-play', () => this.#toggle());
    #back = button('step', () => this.#step(-1), '‹');
    #on = button('step', () => this.#step(1), '›');
    #select = element('select', '');
    #range = element('input', 'weeks-range');
    #bars = element('div', 'weeks-bars');
    #ticks = element('div', 'weeks-ticks');
    #element;
    /** Oldest first. @type {readonly Edition[]} */
    #weeks = [];
    /** How many hotspots weeks have, as far as the page has seen. @type {Map<string, number>} */
    #counts = new Map();
    #place = 0;
    /** @type {Language} */
    #language = 'nl';
    #drawn = '';
    #isDragging = false;

    /** @param {(week: string, how: How) => void} choose */
    constructor(choose) {
        this.#choose = choose;
        this.#range.type = 'range';
        this.#range.min = '0';
        this.#range.step = '1';
        const icon = element('span', 'play-icon');
        icon.setAttribute('aria-hidden', 'true');
        this.#play.append(icon);
        for (const made of [this.#bars, this.#ticks]) made.setAttribute('aria-hidden', 'true');
        const name = element('label', 'weeks-name', this.#select);
        const track = element('div', 'weeks-track', this.#bars, this.#range, this.#ticks);
        const steps = element('div', 'weeks-steps', this.#play, this.#back, name, this.#on);
        this.#element = element('div', 'weeks', steps, track);
        this.#element.setAttribute('role', 'group');
        this.#select.addEventListener('change', () => this.#chosen(this.#select.value));
        this.#range.addEventListener('input', () => this.#dragged());
        this.#range.addEventListener('change', () => {
            this.#isDragging = false;
        });
        document.addEventListener('visibilitychange', () => {
            if (document.hidden) this.#pause();
        });
    }

    get element() {
        return this.#element;
    }

    /**
     * @param {readonly Edition[]} weeks latest first
     * @param {{week: string, hotspots: number}} shown the week on the screen
     * @param {Language} language
     */
    show(weeks, shown, language) {
        const texts = TEXTS[language];
        this.#language = language;
        // Until the list of weeks is there, the shown one is all that is known.
        this.#weeks = weeks.length === 0 ? [{ week: shown.week, edition: 1, hotspots: null }] : [...weeks].reverse();
        this.#counts.set(shown.week, shown.hotspots);
        for (const { week, hotspots } of weeks) if (hotspots !== null) this.#counts.set(week, hotspots);
        this.#place = Math.max(0, this.#weeks.findIndex(({ week }) => week === shown.week));
        this.#element.setAttribute('aria-label', texts.timeline);
        this.#select.setAttribute('aria-label', texts.week);
        this.#range.setAttribute('aria-label', texts.weekSlider);
        this.#label(this.#back, texts.weekBefore);
        this.#label(this.#on, texts.weekAfter);
        this.#draw();
        this.#point();
        this.#player.arrived();
    }

    /** What changes with the weeks and the language, not with the week that is shown. */
    #draw() {
        const counts = this.#weeks.map(({ week }) => this.#counts.get(week) ?? null);
        const drawn = JSON.stringify([this.#language, this.#weeks, counts]);
        if (drawn === this.#drawn) return;
        this.#drawn = drawn;
        const last = this.#weeks.length - 1;
        this.#range.max = String(Math.max(0, last));
        this.#select.replaceChildren(
            ...[...this.#weeks].reverse().map(({ week }) => new Option(this.#says(week, false), week)),
        );
        const most = Math.max(1, ...counts.map((count) => count ?? 0));
        this.#bars.replaceChildren(
            ...counts.map((count, place) => {
                const bar = element('span', count === 0 ? 'weeks-bar weeks-bar-none' : 'weeks-bar');
                bar.style.setProperty('--at', String(last <= 0 ? 0 : place / last));
                bar.style.setProperty('--high', String((count ?? 0) / most));
                bar.hidden = count === null;
                return bar;
            }),
        );
        this.#ticks.replaceChildren(
            ...marks(this.#weeks.map(({ week }) => week), this.#language).map(({ place, text }) => {
                const tick = element('span', 'weeks-tick', text);
                tick.style.setProperty('--at', String(last <= 0 ? 0 : place / last));
                return tick;
            }),
        );
    }

    #point() {
        const week = this.#weeks[this.#place]?.week ?? '';
        this.#range.value = String(this.#place);
        this.#range.disabled = this.#weeks.length < 2;
        this.#range.setAttribute('aria-valuetext', this.#says(week, true));
        this.#select.value = week;
        this.#off(this.#back, this.#place === 0);
        this.#off(this.#on, this.#place === this.#weeks.length - 1);
        this.#play.disabled = this.#weeks.length < 2;
        for (const [place, bar] of [...this.#bars.children].entries()) bar.classList.toggle('weeks-bar-now', place === this.#place);
        const texts = TEXTS[this.#language];
        this.#label(this.#play, this.#player.isPlaying ? texts.pause : texts.play);
        this.#play.classList.toggle('is-playing', this.#player.isPlaying);
    }

    /**
     * @param {HTMLButtonElement} step
     * @param {boolean} isOff
     */
    #off(step, isOff) {
        const held = step === document.activeElement;
        step.disabled = isOff;
        // A button that is switched off loses the focus; the slider beside it takes over.
        if (held && isOff) this.#range.focus();
    }

    /**
     * @param {string} week
     * @param {boolean} counted
     */
    #says(week, counted) {
        if (week === '') return '';
        const texts = TEXTS[this.#language];
        const [title, days] = [weekTitle(week, this.#language), weekDays(week, this.#language)];
        const count = counted ? this.#counts.get(week) : undefined;
        if (!counted) return texts.weekName(String(Number(week.slice(6))), days);
        return texts.weekSays(title, days, count === undefined ? '' : texts.hotspots(count));
    }

    /**
     * @param {HTMLButtonElement} made
     * @param {string} text
     */
    #label(made, text) {
        made.setAttribute('aria-label', text);
        made.title = text;
    }

    #toggle() {
        if (this.#player.isPlaying) {
            this.#pause();
            return;
        }
        this.#player.play();
        this.#point();
    }

    #pause() {
        this.#player.pause();
        this.#point();
    }

    /** From the end it starts again at the oldest week; arriving at the end it stops. */
    #playOn() {
        const last = this.#weeks.length - 1;
        if (this.#place === last && this.#hasPlayed) {
            this.#hasPlayed = false;
            this.#player.pause();
            this.#point();
            return false;
        }
        this.#hasPlayed = true;
        this.#go(this.#place === last ? 0 : this.#place + 1, true);
        return true;
    }

    #hasPlayed = false;

    /** @param {number} places */
    #step(places) {
        this.#stop();
        this.#go(this.#place + places, false);
    }

    /** @param {string} week */
    #chosen(week) {
        this.#stop();
        this.#choose(week, { replace: false });
    }

    #dragged() {
        this.#stop();
        // A drag over twenty weeks is one step back, not twenty.
        const replace = this.#isDragging;
        this.#isDragging = true;
        this.#go(Number(this.#range.value), replace);
    }

    /** Whoever chooses a week wants that one. */
    #stop() {
        this.#hasPlayed = false;
        this.#player.pause();
    }

    /**
     * @param {number} place
     * @param {boolean} replace
     */
    #go(place, replace) {
        const week = this.#weeks[place]?.week;
        if (week === undefined) return;
        this.#place = place;
        this.#point();
        this.#choose(week, { replace });
    }
}

function isCalm() {
    return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}
