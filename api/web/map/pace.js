/**
 * When the map is drawn: after what else changed is on the screen, and for no more than half of the time where drawing
 * takes long, as it does without a graphics card. What was asked for meanwhile is drawn as one.
 */

/** However long a drawing took, the next one does not wait longer than this. */
const MOST_MS = 1000;

export class Pace {
    #ready;
    #draw;
    #isAsked = false;
    #took_ms = 0;
    #ended_ms = 0;

    /**
     * @param {() => void} ready makes ready what is to be drawn, in a task of its own: a page answers between two
     * @param {() => boolean} draw tells whether anything was to be drawn anew
     */
    constructor(ready, draw) {
        this.#ready = ready;
        this.#draw = draw;
    }

    /** Have it drawn soon. */
    ask() {
        if (this.#isAsked) return;
        this.#isAsked = true;
        afterFrame(() => {
            const rest_ms = this.#ended_ms + Math.min(this.#took_ms, MOST_MS) - performance.now();
            setTimeout(() => this.#begin(), Math.max(0, rest_ms));
        });
    }

    #begin() {
        const start_ms = performance.now();
        this.#ready();
        setTimeout(() => this.#go(start_ms));
    }

    /** @param {number} start_ms */
    #go(start_ms) {
        this.#isAsked = false;
        if (!this.#draw()) return;
        // Without a graphics card the page waits for its picture at the end of the next frame.
        afterFrame(() => {
            this.#ended_ms = performance.now();
            this.#took_ms = this.#ended_ms - start_ms;
        });
    }
}

/** @param {() => void} act once what was changed until now is on the screen */
export function afterFrame(act) {
    requestAnimationFrame(() => setTimeout(act));
}
