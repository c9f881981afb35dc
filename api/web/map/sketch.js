/**
 * What the processor draws of the map. Before the map library is there, and for good where the browser has no WebGL, it
 * is the whole map, and is moved with the mouse as the other is. Where a program draws instead of a graphics card, it is
 * the hotspots and the names above what the library draws: two thousand hotspots cost the processor a frame or two and
 * such a program half a second.
 */

/** @import {Camera} from '../types.d.ts' */
/** @import {Size, Sketched} from './pen.js' */
import { element } from '../element.js';
import { CLOSEST_ZOOM } from './camera.js';
import { placeOf, toGround, world } from './mercator.js';
import { Pen } from './pen.js';

/**
 * @typedef {object} Told
 * @property {(pixel: {x: number, y: number}) => void} hover a pixel outside of the map when the pointer leaves it
 * @property {(pixel: {x: number, y: number}) => void} click
 * @property {(camera: Camera) => void} move
 */

/** The pointer trembles: what moves less is a click. */
const TREMBLE_PX = 4;
/** A notch of a mouse wheel is a hundred or so. */
const WHEEL_PER_ZOOM = 250;
const OUTSIDE = Object.freeze({ x: -1, y: -1 });

export class Sketch {
    element = element('canvas', 'map-sketch');
    #isOver = false;
    #told;
    /** What is on it. @type {readonly unknown[]} */
    #drawn = [];
    /** @type {{camera: Camera, size: Size} | null} */
    #seen = null;
    /** @type {{x: number, y: number, camera: Camera} | null} */
    #pressed = null;

    /** @param {Told} told */
    constructor(told) {
        this.#told = told;
        this.element.addEventListener('pointerdown', (event) => this.#press(event));
        this.element.addEventListener('pointermove', (event) => this.#point(event));
        this.element.addEventListener('pointerup', (event) => this.#release(event));
        this.element.addEventListener('pointercancel', () => (this.#pressed = null));
        this.element.addEventListener('pointerleave', () => told.hover(OUTSIDE));
        this.element.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    }

    /** Whether something else draws what lies below and is told of the pointer. */
    get isOver() {
        return this.#isOver;
    }

    set isOver(isOver) {
        this.#isOver = isOver;
        this.element.classList.toggle('map-over', isOver);
    }

    /**
     * @param {Sketched} sketched
     * @param {Camera} camera
     * @param {Size} size
     */
    draw(sketched, camera, size) {
        const sharp = window.devicePixelRatio;
        const asked = [sketched, camera, size.width, size.height, sharp, this.#isOver];
        if (asked.every((one, place) => one === this.#drawn[place])) return;
        this.#drawn = asked;
        this.#seen = { camera, size };
        const on = this.element.getContext('2d');
        if (on === null) return;
        this.#clear(on, Math.round(size.width * sharp), Math.round(size.height * sharp));
        on.scale(sharp, sharp);
        on.lineJoin = 'round';
        const pen = new Pen(on, camera, size);
        if (!this.#isOver) pen.ground(sketched);
        pen.hotspots(sketched);
    }

    /**
     * @param {CanvasRenderingContext2D} on
     * @param {number} width in pixels of the screen
     * @param {number} height
     */
    #clear(on, width, height) {
        const { element: canvas } = this;
        // To set a size has the browser make the canvas anew.
        if (canvas.width !== width) canvas.width = width;
        if (canvas.height !== height) canvas.height = height;
        on.resetTransform();
        on.clearRect(0, 0, width, height);
    }

    /** @param {PointerEvent} event */
    #press({ offsetX: x, offsetY: y, pointerId }) {
        if (this.#seen === null) return;
        this.element.setPointerCapture(pointerId);
        this.#pressed = { x, y, camera: this.#seen.camera };
    }

    /** @param {PointerEvent} event */
    #point({ offsetX: x, offsetY: y }) {
        if (this.#pressed === null) this.#told.hover({ x, y });
        else if (this.#seen !== null && !this.#isClick(x, y)) {
            const { camera, x: fromX, y: fromY } = this.#pressed;
            const { width, height } = this.#seen.size;
            const middle = /** @type {const} */ ([width / 2 + fromX - x, height / 2 + fromY - y]);
            const [lon_deg, lat_deg] = toGround(middle, camera, this.#seen.size);
            this.#told.move({ ...camera, lon_deg, lat_deg });
        }
    }

    /** @param {PointerEvent} event */
    #release({ offsetX: x, offsetY: y }) {
        if (this.#isClick(x, y)) this.#told.click({ x, y });
        this.#pressed = null;
    }

    /**
     * @param {number} x
     * @param {number} y
     */
    #isClick(x, y) {
        return this.#pressed !== null && Math.hypot(x - this.#pressed.x, y - this.#pressed.y) < TREMBLE_PX;
    }

    /** @param {WheelEvent} event */
    #wheel(event) {
        event.preventDefault();
        if (this.#seen === null) return;
        const { camera, size } = this.#seen;
        const pixel = /** @type {const} */ ([event.offsetX, event.offsetY]);
        const zoom = Math.min(CLOSEST_ZOOM, Math.max(0, camera.zoom - event.deltaY / WHEEL_PER_ZOOM));
        this.#told.move(zoomed(camera, zoom, pixel, size));
    }
}

/**
 * The camera at another zoom level that shows the same place at a pixel.
 *
 * @param {Camera} camera
 * @param {number} zoom
 * @param {readonly [x_px: number, y_px: number]} pixel
 * @param {Size} size
 * @returns {Camera}
 */
export function zoomed(camera, zoom, pixel, size) {
    const [x, y] = world(toGround(pixel, camera, size));
    const times = 2 ** zoom;
    const [lon_deg, lat_deg] = placeOf([x + (size.width / 2 - pixel[0]) / times, y + (size.height / 2 - pixel[1]) / times]);
    return { lon_deg, lat_deg, zoom };
}

/**
 * Canvases of one size that lie above each other, as one picture.
 *
 * @param {readonly Element[]} canvases the lowest first
 * @returns {string | null} its address (PNG)
 */
export function pictureOf(canvases) {
    const all = canvases.filter((one) => one instanceof HTMLCanvasElement);
    const [lowest] = all;
    if (lowest === undefined) return null;
    const made = element('canvas', '');
    made.width = lowest.width;
    made.height = lowest.height;
    const on = made.getContext('2d');
    for (const one of all) on?.drawImage(one, 0, 0, made.width, made.height);
    return made.toDataURL('image/png');
}
