/**
 * Outlines as triangles of so many pixels' width at one zoom level. A line layer draws each edge as an instance of its own,
 * which without a graphics card takes forty microseconds an edge: seconds for two thousand hotspots. Pure.
 */

/** @import {Ring} from '../types.d.ts' */
import { WORLD_PX } from './mercator.js';

/** Points of an outline that are closer than this to the one before are not seen. */
const SEEN_PX = 3;

/** Corners are as pointed as this against the width at the most. */
const MITER = 2;

const RADIANS = Math.PI / 180;

/** @typedef {readonly [red: number, green: number, blue: number]} Paint */

/** @typedef {{value: Float64Array | Uint8Array | Uint32Array, size: number, normalized?: boolean}} Attribute */

/** @typedef {{length: number, startIndices: Uint32Array, attributes: Record<string, Attribute>}} Mesh */

/** Collects triangles, the lowest first. */
export class Ribbons {
    #degrees;
    #positions = new Float64Array(4096);
    #colours = new Uint8Array(8192);
    #indices = new Uint32Array(8192);
    #vertices = 0;
    #corners = 0;
    /** The outline at hand, in pixels from its first point. */
    #x = new Float64Array(256);
    #y = new Float64Array(256);
    #origin = { lon_deg: 0, lat_deg: 0, high_deg: 0 };

    /** @param {number} zoom */
    constructor(zoom) {
        this.#degrees = 360 / (WORLD_PX * 2 ** zoom);
    }

    /**
     * A closed outline with joined corners.
     *
     * @param {Ring} ring
     * @param {number} width_px
     * @param {Paint} paint
     */
    ring(ring, width_px, paint) {
        const count = this.#take(ring);
        if (count < 3) return;
        const first = this.#vertices;
        for (let place = 0; place < count; place += 1) {
            const [x, y] = this.#corner((place + count - 1) % count, place, (place + 1) % count);
            this.#pair(this.#x[place] ?? 0, this.#y[place] ?? 0, (x * width_px) / 2, (y * width_px) / 2, paint);
            const [here, next] = [first + 2 * place, first + 2 * ((place + 1) % count)];
            this.#quad(here, next);
        }
    }

    /**
     * A closed outline in dashes and gaps of one length: so many as are asked for, however large the ring is.
     *
     * @param {Ring} ring
     * @param {number} dashes
     * @param {number} width_px
     * @param {Paint} paint
     */
    dashed(ring, dashes, width_px, paint) {
        const count = this.#take(ring);
        if (count < 2) return;
        let around = 0;
        for (let place = 0; place < count; place += 1) around += this.#length(place, (place + 1) % count);
        const step = around / (2 * dashes);
        let passed = 0;
        for (let place = 0; place < count && step > 0; place += 1) {
            const next = (place + 1) % count;
            const end = passed + this.#length(place, next);
            // Every other step is a dash; one may begin before this edge or go on after it.
            for (let dash = 2 * Math.floor(passed / (2 * step)); dash * step < end; dash += 2) {
                const [start, stop] = [Math.max(passed, dash * step), Math.min(end, (dash + 1) * step)];
                if (start < stop) this.#piece(place, next, (start - passed) / (end - passed), (stop - passed) / (end - passed), width_px, paint);
            }
            passed = end;
        }
    }

    /**
     * A straight line.
     *
     * @param {readonly number[]} from
     * @param {readonly number[]} to
     * @param {number} width_px
     * @param {Paint} paint
     */
    line([lon_deg = 0, lat_deg = 0], [toLon_deg = 0, toLat_deg = 0], width_px, paint) {
        const high_deg = this.#degrees * Math.cos(lat_deg * RADIANS);
        this.#origin = { lon_deg, lat_deg, high_deg };
        [this.#x[0], this.#y[0]] = [0, 0];
        [this.#x[1], this.#y[1]] = [(toLon_deg - lon_deg) / this.#degrees, (toLat_deg - lat_deg) / high_deg];
        this.#piece(0, 1, 0, 1, width_px, paint);
    }

    /**
     * A dot, as round as so small a one is seen.
     *
     * @param {readonly number[]} position
     * @param {number} radius_px
     * @param {Paint} paint
     * @param {number} corners
     */
    disc([lon_deg = 0, lat_deg = 0], radius_px, paint, corners) {
        this.#origin = { lon_deg, lat_deg, high_deg: this.#degrees * Math.cos(lat_deg * RADIANS) };
        const first = this.#vertices;
        // Points in turn on the left and on the right side, so that each joins the two before it to a triangle.
        for (let place = 0; place < corners; place += 1) {
            const turn = place % 2 === 0 ? place / 2 : -(place + 1) / 2;
            const angle = (2 * Math.PI * turn) / corners;
            this.#grow();
            this.#vertex(radius_px * Math.cos(angle), radius_px * Math.sin(angle), paint);
            if (place < 2) continue;
            this.#indices.set([first + place - 2, first + place - 1, first + place], this.#corners);
            this.#corners += 3;
        }
    }

    /** @returns {Mesh} as a polygon layer takes it that need not look for triangles */
    mesh() {
        return {
            length: 1,
            startIndices: new Uint32Array([0]),
            attributes: {
                getPolygon: { value: this.#positions.slice(0, 2 * this.#vertices), size: 2 },
                indices: { value: this.#indices.slice(0, this.#corners), size: 1 },
                getFillColor: { value: this.#colours.slice(0, 4 * this.#vertices), size: 4, normalized: true },
            },
        };
    }

    /**
     * Take an outline without the points that are not seen and without its end, which is its beginning once more.
     *
     * @param {Ring} ring
     * @returns {number} of its points
     */
    #take(ring) {
        const [lon_deg = 0, lat_deg = 0] = ring[0] ?? [];
        const high_deg = this.#degrees * Math.cos(lat_deg * RADIANS);
        this.#origin = { lon_deg, lat_deg, high_deg };
        if (ring.length > this.#x.length) {
            this.#x = new Float64Array(2 * ring.length);
            this.#y = new Float64Array(2 * ring.length);
        }
        let count = 0;
        let [lastX, lastY] = [Infinity, Infinity];
        for (const position of ring) {
            const x = ((position[0] ?? 0) - lon_deg) / this.#degrees;
            const y = ((position[1] ?? 0) - lat_deg) / high_deg;
            const isBegin = count > 0 && Math.abs(x) + Math.abs(y) < SEEN_PX;
            if (isBegin || Math.abs(x - lastX) + Math.abs(y - lastY) < SEEN_PX) continue;
            this.#x[count] = lastX = x;
            this.#y[count] = lastY = y;
            count += 1;
        }
        return count;
    }

    /**
     * @param {number} from
     * @param {number} to
     */
    #length(from, to) {
        return Math.hypot((this.#x[to] ?? 0) - (this.#x[from] ?? 0), (this.#y[to] ?? 0) - (this.#y[from] ?? 0));
    }

    /**
     * One pixel to the left of the way between two points.
     *
     * @param {number} from
     * @param {number} to
     * @returns {[x: number, y: number]}
     */
    #aside(from, to) {
        const [dx, dy] = [(this.#x[to] ?? 0) - (this.#x[from] ?? 0), (this.#y[to] ?? 0) - (this.#y[from] ?? 0)];
        const length = Math.hypot(dx, dy);
        return length === 0 ? [0, 0] : [-dy / length, dx / length];
    }

    /**
     * Where the side of a line of two pixels' width turns at a point.
     *
     * @param {number} before
     * @param {number} here
     * @param {number} after
     * @returns {[x: number, y: number]}
     */
    #corner(before, here, after) {
        const [x, y] = this.#aside(before, here);
        const [nextX, nextY] = this.#aside(here, after);
        const length = Math.hypot(x + nextX, y + nextY);
        if (length < 1e-6) return [x, y];
        // The sharper the corner, the longer its tip.
        const tip = Math.min(MITER, 2 / length) / length;
        return [(x + nextX) * tip, (y + nextY) * tip];
    }

    /**
     * @param {number} from
     * @param {number} to
     * @param {number} start share of the way
     * @param {number} stop
     * @param {number} width_px
     * @param {Paint} paint
     */
    #piece(from, to, start, stop, width_px, paint) {
        const [x, y] = this.#aside(from, to);
        const first = this.#vertices;
        for (const share of [start, stop]) {
            const middleX = (this.#x[from] ?? 0) * (1 - share) + (this.#x[to] ?? 0) * share;
            const middleY = (this.#y[from] ?? 0) * (1 - share) + (this.#y[to] ?? 0) * share;
            this.#pair(middleX, middleY, (x * width_px) / 2, (y * width_px) / 2, paint);
        }
        this.#quad(first, first + 2);
    }

    /**
     * The two sides of a line at a point.
     *
     * @param {number} x
     * @param {number} y
     * @param {number} asideX
     * @param {number} asideY
     * @param {Paint} paint
     */
    #pair(x, y, asideX, asideY, paint) {
        this.#grow();
        this.#vertex(x + asideX, y + asideY, paint);
        this.#vertex(x - asideX, y - asideY, paint);
    }

    /**
     * @param {number} x
     * @param {number} y
     * @param {Paint} paint
     */
    #vertex(x, y, [red, green, blue]) {
        const { lon_deg, lat_deg, high_deg } = this.#origin;
        const vertex = this.#vertices;
        this.#positions[2 * vertex] = lon_deg + x * this.#degrees;
        this.#positions[2 * vertex + 1] = lat_deg + y * high_deg;
        this.#colours[4 * vertex] = red;
        this.#colours[4 * vertex + 1] = green;
        this.#colours[4 * vertex + 2] = blue;
        this.#colours[4 * vertex + 3] = 255;
        this.#vertices += 1;
    }

    /**
     * The two triangles between the sides at one point and at the next.
     *
     * @param {number} here
     * @param {number} next
     */
    #quad(here, next) {
        this.#indices.set([here, here + 1, next, next, here + 1, next + 1], this.#corners);
        this.#corners += 6;
    }

    #grow() {
        if (2 * this.#vertices + 8 > this.#positions.length) {
            this.#positions = larger(this.#positions, new Float64Array(2 * this.#positions.length));
            this.#colours = larger(this.#colours, new Uint8Array(2 * this.#colours.length));
        }
        if (this.#corners + 12 > this.#indices.length) {
            this.#indices = larger(this.#indices, new Uint32Array(2 * this.#indices.length));
        }
    }
}

/**
 * @template {Float64Array | Uint8Array | Uint32Array} Numbers
 * @param {Numbers} from
 * @param {Numbers} into
 */
function larger(from, into) {
    into.set(from);
    return into;
}
