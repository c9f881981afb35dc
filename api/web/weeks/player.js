/** Plays the weeks one after the other: a step is taken only after the one before is on the screen. */

/** A week is looked at this long; by those who asked for less movement, longer. */
const STEP_MS = 1400;
const CALM_STEP_MS = 3000;

export class Player {
    #step;
    #isCalm;
    #timer = 0;
    #isPlaying = false;

    /**
     * @param {() => boolean} step goes on by one; answers whether that was possible
     * @param {() => boolean} isCalm whether less movement was asked for
     */
    constructor(step, isCalm) {
        this.#step = step;
        this.#isCalm = isCalm;
    }

    get isPlaying() {
        return this.#isPlaying;
    }

    play() {
        this.#isPlaying = true;
        this.#go();
    }

    pause() {
        this.#isPlaying = false;
        clearTimeout(this.#timer);
    }

    /** What was asked for is on the screen: look at it for a while. */
    arrived() {
        if (!this.#isPlaying) return;
        clearTimeout(this.#timer);
        this.#timer = Number(setTimeout(() => this.#go(), this.#isCalm() ? CALM_STEP_MS : STEP_MS));
    }

    #go() {
        if (this.#isPlaying && !this.#step()) this.pause();
    }
}
