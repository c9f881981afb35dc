/** Draws a map on a canvas, by the processor. */

/** @import {Camera, Colour, Row} from '../types.d.ts' */
/** @import {AreaLabel} from './labels.js' */
/** @import {FlatPolygon} from './flat.js' */
/** @import {Ground} from './ground.js' */
/** @import {Footprint, Look} from './layers.js' */
import { BADGE, BASE, GRADES, css, fillAlpha } from '../style.js';
import { BORDER_PX } from './borders.js';
import { shapeOf } from './flat.js';
import { FONT } from './ground.js';
import { LINE_HEIGHT } from './labels.js';
import { figureColour, figure_px, hollow, lookOf, raisedLook, rim } from './layers.js';
import { WORLD_PX, world } from './mercator.js';

/**
 * @typedef {object} Sketched
 * @property {Ground} ground
 * @property {ReadonlySet<string>} touched codes of the neighbourhoods of the chosen hotspot
 * @property {readonly Footprint[]} footprints lowest first
 * @property {readonly Row[]} outlined best rank first
 * @property {readonly Row[]} badges
 * @property {readonly Row[]} dots
 * @property {readonly Row[]} raised
 * @property {readonly AreaLabel[]} labels
 * @property {Colour} labelColour
 */

/** @typedef {{width: number, height: number}} Size in pixels of the page */

const ROUND = 2 * Math.PI;

/** Colours as they are written, each once: two thousand hotspots have a dozen. @type {Map<number, string>} */
const PAINTS = new Map();

/**
 * @param {Colour} colour
 * @param {number} [alpha] 0 to 255
 */
function paint(colour, alpha = 255) {
    const [red, green, blue] = colour;
    const key = ((red * 256 + green) * 256 + blue) * 256 + alpha;
    const known = PAINTS.get(key);
    if (known !== undefined) return known;
    const made = css(colour, alpha);
    PAINTS.set(key, made);
    return made;
}

export class Pen {
    #on;
    #times;
    #x;
    #y;
    #size;

    /**
     * @param {CanvasRenderingContext2D} on
     * @param {Camera} camera
     * @param {Size} size
     */
    constructor(on, { lon_deg, lat_deg, zoom }, size) {
        const [middleX, middleY] = world([lon_deg, lat_deg]);
        this.#on = on;
        this.#times = 2 ** zoom;
        this.#x = size.width / 2 - middleX * this.#times;
        this.#y = size.height / 2 - middleY * this.#times;
        this.#size = size;
    }

    /** @param {Pick<Sketched, 'ground' | 'touched'>} sketched */
    ground({ ground, touched }) {
        for (const { code, polygon } of ground.parts) this.#area(polygon, touched.has(code));
    }

    /** @param {Sketched} sketched */
    hotspots({ footprints, outlined, badges, dots, raised, labels, labelColour }) {
        for (const footprint of footprints) this.#filling(footprint);
        for (const row of outlined.toReversed()) this.#outline(row, lookOf(row));
        for (const row of raised) this.#outline(row, raisedLook(row));
        for (const label of labels) this.#name(label, labelColour);
        for (const row of dots.toReversed()) this.#dot(row);
        for (const row of badges.toReversed()) this.#badge(row, false);
        for (const row of raised) this.#badge(row, true);
    }

    /**
     * @param {FlatPolygon} polygon
     * @param {boolean} isTouched
     */
    #area(polygon, isTouched) {
        this.#trace(polygon);
        this.#on.fillStyle = paint(isTouched ? BASE.touched : BASE.land);
        this.#on.fill('evenodd');
        this.#line(BASE.border, BORDER_PX);
    }

    /** @param {Footprint} footprint */
    #filling({ row: { hotspot, colour }, polygon }) {
        if (!this.#isSeen(hotspot)) return;
        this.#on.fillStyle = paint(colour, fillAlpha(hotspot));
        this.#trace(polygon);
        this.#on.fill('evenodd');
    }

    /**
     * Whether a footprint may be on the screen.
     *
     * @param {Row['hotspot']} hotspot
     */
    #isSeen(hotspot) {
        const { boxWorld, box: [west, south, east, north] } = shapeOf(hotspot);
        // A degree of latitude is up to twice as high as a degree of longitude is wide, as far north as people live in cities.
        const around_px = (Math.max(east - west, 2 * (north - south)) * WORLD_PX * this.#times) / 360;
        return this.#isNear(boxWorld[0] * this.#times + this.#x, boxWorld[1] * this.#times + this.#y, around_px);
    }

    /**
     * @param {number} x
     * @param {number} y
     * @param {number} around_px
     */
    #isNear(x, y, around_px) {
        const { width, height } = this.#size;
        return x > -around_px && y > -around_px && x < width + around_px && y < height + around_px;
    }

    /**
     * @param {Row} row
     * @param {Look} look
     */
    #outline({ hotspot }, { width_px, casing_px, colour }) {
        if (!this.#isSeen(hotspot)) return;
        const { dashes } = GRADES[hotspot.grade];
        for (const polygon of shapeOf(hotspot).polygons) {
            const around_px = this.#trace(polygon);
            this.#line(BASE.border, casing_px);
            if (dashes > 0) this.#on.setLineDash([around_px / (2 * dashes)]);
            this.#line(colour, width_px);
            this.#on.setLineDash([]);
        }
    }

    /** @param {Row} row */
    #dot(row) {
        const [x, y] = this.#middle(row);
        if (!this.#isNear(x, y, BADGE.radius_px)) return;
        this.#disc(x, y, BADGE.dot_px + 1, rim(row, false));
        this.#disc(x, y, BADGE.dot_px, hollow(row));
    }

    /**
     * Round if acute, angular if chronic, with the sign of the hotspot.
     *
     * @param {Row} row
     * @param {boolean} isRaised
     */
    #badge(row, isRaised) {
        const on = this.#on;
        const [x, y] = this.#middle(row);
        if (!this.#isNear(x, y, 2 * BADGE.chosenRadius_px)) return;
        const radius_px = isRaised ? BADGE.chosenRadius_px : BADGE.radius_px;
        on.font = `700 ${figure_px(row)}px ${FONT}`;
        on.beginPath();
        if (row.hotspot.kind === 'acute') on.arc(x, y, radius_px, 0, ROUND);
        else {
            const half_px = Math.max(radius_px, on.measureText(row.sign).width / 2 + 6) - 1;
            on.roundRect(x - half_px, y - radius_px + 1, 2 * half_px, 2 * radius_px - 2, BADGE.corner_px);
        }
        on.fillStyle = paint(hollow(row));
        on.fill();
        this.#line(rim(row, isRaised), isRaised ? 2.5 : 1.5);
        this.#write(row.sign, x, y, figureColour(row));
    }

    /**
     * @param {AreaLabel} label
     * @param {Colour} colour
     */
    #name({ text, world: [x, y], shift_px }, colour) {
        this.#on.font = `500 ${BADGE.name_px}px ${FONT}`;
        const lines = text.split('\n');
        lines.forEach((line, place) => {
            const down_px = (place - (lines.length - 1) / 2) * LINE_HEIGHT * BADGE.name_px + shift_px;
            this.#write(line, x * this.#times + this.#x, y * this.#times + this.#y + down_px, colour);
        });
    }

    /**
     * @param {string} text
     * @param {number} x
     * @param {number} y
     * @param {Colour} colour
     */
    #write(text, x, y, colour) {
        this.#on.textAlign = 'center';
        this.#on.textBaseline = 'middle';
        this.#on.fillStyle = paint(colour);
        this.#on.fillText(text, x, y);
    }

    /**
     * @param {number} x
     * @param {number} y
     * @param {number} radius_px
     * @param {Colour} colour
     */
    #disc(x, y, radius_px, colour) {
        this.#on.beginPath();
        this.#on.arc(x, y, radius_px, 0, ROUND);
        this.#on.fillStyle = paint(colour);
        this.#on.fill();
    }

    /**
     * @param {Colour} colour
     * @param {number} width_px
     */
    #line(colour, width_px) {
        this.#on.strokeStyle = paint(colour);
        this.#on.lineWidth = width_px;
        this.#on.stroke();
    }

    /** @param {Row} row */
    #middle({ hotspot }) {
        const [x, y] = shapeOf(hotspot).world;
        return /** @type {const} */ ([x * this.#times + this.#x, y * this.#times + this.#y]);
    }

    /**
     * Begin a path along all rings of a polygon.
     *
     * @param {FlatPolygon} polygon
     * @returns {number} its length in pixels
     */
    #trace(polygon) {
        const on = this.#on;
        const starts = new Set(polygon.holeIndices);
        const positions = polygon.world;
        let [around_px, lastX, lastY] = [0, 0, 0];
        on.beginPath();
        for (let place = 0; place < positions.length; place += 2) {
            const x = (positions[place] ?? 0) * this.#times + this.#x;
            const y = (positions[place + 1] ?? 0) * this.#times + this.#y;
            if (place === 0 || starts.has(place)) on.moveTo(x, y);
            else {
                on.lineTo(x, y);
                around_px += Math.hypot(x - lastX, y - lastY);
            }
            [lastX, lastY] = [x, y];
        }
        on.closePath();
        return around_px;
    }
}
