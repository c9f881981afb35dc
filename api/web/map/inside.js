/** What lies inside an area, by the even-odd rule. Pure. */

/** @import {Area, Feature, Geometry, Position, Ring} from '../types.d.ts' */

/**
 * All rings of a shape, holes too.
 *
 * @param {Geometry} geometry
 * @returns {readonly Ring[]}
 */
export function ringsOf(geometry) {
    return geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat();
}

/**
 * The area that holds a position. Asking deck.gl instead would draw all areas once more for each move of the pointer.
 *
 * @param {readonly Feature<Area>[]} areas
 * @param {Position} position
 * @returns {Feature<Area> | undefined}
 */
export function areaAt(areas, [lon_deg = NaN, lat_deg = NaN]) {
    return areas.find(({ geometry }) =>
        insides(ringsOf(geometry), lat_deg).some(([west_deg, east_deg]) => west_deg <= lon_deg && lon_deg < east_deg),
    );
}

/**
 * Parts of a line of latitude that lie inside, by the even-odd rule.
 *
 * @param {readonly Ring[]} rings
 * @param {number} lat_deg
 * @returns {[west_deg: number, east_deg: number][]}
 */
export function insides(rings, lat_deg) {
    /** @type {number[]} */
    const crossings_deg = [];
    for (const ring of rings) {
        ring.forEach(([lon_deg = 0, y_deg = 0], place) => {
            const [nextLon_deg = 0, nextY_deg = 0] = ring[place + 1] ?? ring[0] ?? [];
            if (y_deg > lat_deg === nextY_deg > lat_deg) return;
            crossings_deg.push(lon_deg + ((lat_deg - y_deg) / (nextY_deg - y_deg)) * (nextLon_deg - lon_deg));
        });
    }
    crossings_deg.sort((one, other) => one - other);
    /** @type {[number, number][]} */
    const parts = [];
    for (let place = 0; place + 1 < crossings_deg.length; place += 2) {
        parts.push([crossings_deg[place] ?? 0, crossings_deg[place + 1] ?? 0]);
    }
    return parts;
}
