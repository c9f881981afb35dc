/** Borders as segments, each once: what two areas share is drawn once, what one area has alone is the outline. Pure. */

/** @import {Area, Colour, Feature, Position} from '../types.d.ts' */
/** @import {Mesh} from './ribbons.js' */
import { ringsOf } from './inside.js';
import { Ribbons } from './ribbons.js';

export const BORDER_PX = 1.5;

/** @typedef {readonly (readonly [from: Position, to: Position])[]} Segments */

/**
 * Take the areas apart; a path layer would draw every shared border twice, each part at several times the cost.
 *
 * @param {readonly Feature<Area>[]} areas
 * @returns {{shared: Segments, outline: Segments}}
 */
export function borders(areas) {
    /** @type {Map<string, {ends: [Position, Position], times: number}>} */
    const seen = new Map();
    for (const { geometry } of areas) {
        for (const ring of ringsOf(geometry)) {
            for (let place = 0; place + 1 < ring.length; place += 1) {
                const [from, to] = [ring[place] ?? [], ring[place + 1] ?? []];
                const [one, other] = [from.join(), to.join()].sort();
                const key = `${one} ${other}`;
                const segment = seen.get(key);
                if (segment === undefined) seen.set(key, { ends: [from, to], times: 1 });
                else segment.times += 1;
            }
        }
    }
    const all = [...seen.values()];
    return {
        shared: all.filter(({ times }) => times > 1).map(({ ends }) => ends),
        outline: all.filter(({ times }) => times === 1).map(({ ends }) => ends),
    };
}

/**
 * @param {Segments} segments
 * @param {number} width_px
 * @param {Colour} colour
 * @param {number} zoom
 * @returns {Mesh}
 */
export function linesOf(segments, width_px, colour, zoom) {
    const ribbons = new Ribbons(zoom);
    for (const [from, to] of segments) ribbons.line(from, to, width_px, colour);
    return ribbons.mesh();
}
