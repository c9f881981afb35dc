/** Outlines of hotspots as the flat arrays that are drawn, each made once however often its week is shown. Pure. */

/** @import {Geometry, Hotspot, Position, Ring} from '../types.d.ts' */
import { ringsOf } from './inside.js';
import { world } from './mercator.js';

/** @typedef {readonly [west_deg: number, south_deg: number, east_deg: number, north_deg: number]} Box */

/**
 * @typedef {object} Shape
 * @property {readonly FlatPolygon[]} polygons
 * @property {Box} box
 * @property {Position} middle where the badge stands
 * @property {readonly [x_px: number, y_px: number]} world the same on a map of the world
 * @property {readonly [x_px: number, y_px: number]} boxWorld the middle of the box on a map of the world
 */

/**
 * A polygon as deck.gl takes it without looking at each position: x and y in turn, the outer ring first, and where in that
 * array each hole begins.
 */
export class FlatPolygon {
    /** @type {Float64Array | null} */
    #world = null;

    /**
     * @param {Float64Array} positions
     * @param {readonly number[]} holeIndices
     */
    constructor(positions, holeIndices) {
        this.positions = positions;
        this.holeIndices = holeIndices;
    }

    /** The positions on a map of the world: reckoned once, since they are drawn many times. */
    get world() {
        this.#world ??= this.#onWorld();
        return this.#world;
    }

    #onWorld() {
        const made = new Float64Array(this.positions.length);
        for (let place = 0; place < made.length; place += 2) {
            made.set(world([this.positions[place] ?? 0, this.positions[place + 1] ?? 0]), place);
        }
        return made;
    }
}

/** Shapes are kept of this many hotspots at the least: of the weeks between which a reader goes to and fro. */
const KEPT = 4000;

/**
 * A hotspot of a week that is kept does not change, and neither does its shape. Those asked for lately are in the first
 * map, those before in the second, which is then left to itself: a table of weak keys would be gone through entirely
 * each time the browser frees memory.
 *
 * @type {[Map<Hotspot, Shape>, Map<Hotspot, Shape>]}
 */
let shapes = [new Map(), new Map()];

/**
 * @param {Hotspot} hotspot
 * @returns {Shape}
 */
export function shapeOf(hotspot) {
    const [lately, before] = shapes;
    const known = lately.get(hotspot);
    if (known !== undefined) return known;
    const shape = before.get(hotspot) ?? shaped(hotspot);
    if (lately.size >= KEPT) shapes = [new Map(), lately];
    shapes[0].set(hotspot, shape);
    return shape;
}

/**
 * @param {Hotspot} hotspot
 * @returns {Shape}
 */
function shaped({ geometry, centroid }) {
    const rings = ringsOf(geometry);
    const box = boxOf(rings);
    const ofBox = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
    const middle = centroid ?? ofBox;
    return { polygons: polygons(geometry), box, middle, world: world(middle), boxWorld: world(ofBox) };
}

/**
 * @param {Geometry} geometry
 * @returns {FlatPolygon[]}
 */
export function polygons(geometry) {
    const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
    return parts.map((rings) => {
        const positions = new Float64Array(rings.reduce((sum, ring) => sum + 2 * ring.length, 0));
        /** @type {number[]} */
        const holeIndices = [];
        let place = 0;
        rings.forEach((ring, order) => {
            if (order > 0) holeIndices.push(place);
            for (const [x = 0, y = 0] of ring) {
                positions[place] = x;
                positions[place + 1] = y;
                place += 2;
            }
        });
        return new FlatPolygon(positions, holeIndices);
    });
}

/**
 * @param {readonly Ring[]} rings
 * @returns {Box}
 */
export function boxOf(rings) {
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const ring of rings) {
        for (const [x = 0, y = 0] of ring) {
            west = Math.min(west, x);
            east = Math.max(east, x);
            south = Math.min(south, y);
            north = Math.max(north, y);
        }
    }
    return [west, south, east, north];
}
