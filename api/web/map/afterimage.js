/**
 * The library's last frame, moved as a picture while somebody moves the map. Where a program draws instead of a graphics
 * card, a frame of the library holds up the page for a tenth of a second and more; a picture that is moved costs nothing.
 * The library draws again once the map rests, and now and then while it does not.
 */

/** @import {Camera, DeckInstance} from '../types.d.ts' */
import { world } from './mercator.js';

/** A map that was not moved for so long rests. */
const REST_MS = 150;
/** What comes in over the edge is not in the picture: it is not waited for longer than this. */
const MOST_MS = 1000;

export class Afterimage {
    #deck;
    #canvas;
    #follow;
    /** Where the last frame looks. @type {Camera | null} */
    #drawnAt = null;
    #began_ms = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    #rest;

    /**
     * @param {DeckInstance} deck
     * @param {HTMLElement} canvas of the library
     * @param {() => void} follow draws what lies above, at each step
     */
    constructor(deck, canvas, follow) {
        this.#deck = deck;
        this.#canvas = canvas;
        this.#follow = follow;
    }

    /** Have the picture moved from now on until the map rests. */
    move() {
        if (this.#drawnAt === null) return;
        const now_ms = performance.now();
        const isMoving = this.#rest !== undefined;
        if (!isMoving) {
            this.#began_ms = now_ms;
            this.#deck.setProps({ _customRender: this.#follow });
        }
        clearTimeout(this.#rest);
        this.#rest = setTimeout(() => this.end(), Math.max(0, Math.min(REST_MS, this.#began_ms + MOST_MS - now_ms)));
    }

    /** @param {Camera} camera where the map looks now */
    show(camera) {
        if (this.#drawnAt !== null) this.#canvas.style.transform = transformOf(this.#drawnAt, camera);
    }

    /** Have the library draw now, if it waits for the map to rest. */
    end() {
        if (this.#rest === undefined) return;
        clearTimeout(this.#rest);
        this.#rest = undefined;
        this.#deck.setProps({ _customRender: null });
        this.#deck.redraw('rest');
    }

    /** @param {Camera} camera of a frame that the library has drawn */
    drew(camera) {
        this.#drawnAt = camera;
        this.#canvas.style.transform = '';
    }

    /** Let go of the library. */
    destroy() {
        clearTimeout(this.#rest);
    }
}

/**
 * How a picture of the map lies when the map looks elsewhere: scaled about its middle, then shifted.
 *
 * @param {Camera} drawn where the picture looks
 * @param {Camera} camera
 */
export function transformOf(drawn, camera) {
    const times = 2 ** camera.zoom;
    const [fromX, fromY] = world([drawn.lon_deg, drawn.lat_deg]);
    const [toX, toY] = world([camera.lon_deg, camera.lat_deg]);
    const scale = 2 ** (camera.zoom - drawn.zoom);
    return `matrix(${scale}, 0, 0, ${scale}, ${(fromX - toX) * times}, ${(fromY - toY) * times})`;
}
