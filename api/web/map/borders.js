/** Borders as segments, each once: what two areas share is drawn once, what one area has alone is the outline. Pure. */

/** @import {Area, Feature, Position} from '../types.d.ts' */
import { ringsOf } from './inside.js';

/** @typedef {{length: number, attributes: Record<string, {value: Float64Array, size: 2}>}} Segments */

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
        shared: segments(all.filter(({ times }) => times > 1).map(({ ends }) => ends)),
        outline: segments(all.filter(({ times }) => times === 1).map(({ ends }) => ends)),
    };
}

/** @param {[Position, Position][]} pairs */
function segments(pairs) {
    const from = new Float64Array(pairs.length * 2);
    const to = new Float64Array(pairs.length * 2);
    pairs.forEach(([[fromLon_deg = 0, fromLat_deg = 0], [toLon_deg = 0, toLat_deg = 0]], place) => {
        from.set([fromLon_deg, fromLat_deg], place * 2);
        to.set([toLon_deg, toLat_deg], place * 2);
    });
    return {
        length: pairs.length,
        attributes: {
            getSourcePosition: { value: from, size: /** @type {2} */ (2) },
            getTargetPosition: { value: to, size: /** @type {2} */ (2) },
        },
    };
}
