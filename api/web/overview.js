/** From the columns of a week's overview to the hotspots that the list and the map show. Pure, and quick: it blocks the page. */

/** @import {AreaName, Caveat, Event, Form, Geometry, Grade, Hotspot, Kind, Lifecycle, Overview, Peak, Position, Ring, Week} from './types.d.ts' */

/** @typedef {readonly number[]} Steps x and y of the first point, then the steps to each next one */

/**
 * @param {Overview} overview
 * @returns {Week}
 */
export function decoded({ hotspots: columns, words, areas, step_deg, origin_deg, ...ranking }) {
    const told = new Columns(columns, words);
    const names = areas.map(([code, name]) => Object.freeze({ code, name: name ?? code }));
    const grid = new Grid(step_deg, origin_deg);
    const hotspots = (columns['id'] ?? []).map((_, place) => hotspot(place, { told, names, grid }));
    return Object.freeze({ ranking, hotspots });
}

/**
 * @param {number} place in each column
 * @param {{told: Columns, names: readonly AreaName[], grid: Grid}} from
 * @returns {Hotspot}
 */
function hotspot(place, { told, names, grid }) {
    const named = (/** @type {number} */ number) => names[number] ?? NOWHERE;
    const main = told.number('neighbourhood', place);
    const outlined = new Outlined(grid, /** @type {Steps[][]} */ (told.list('footprint', place)));
    const centroid = /** @type {readonly [number, number] | null} */ (told.value('centroid', place));
    return Object.assign(outlined, {
        id: String(told.value('id', place)),
        theme: told.word('theme', place) ?? '',
        // An edition from before there were kinds and grades told only what is both.
        kind: /** @type {Kind} */ (told.word('kind', place) ?? 'acute'),
        grade: /** @type {Grade} */ (told.word('grade', place) ?? 'confirmed'),
        rank: told.number('rank', place) ?? place + 1,
        previous_rank: told.number('previous_rank', place),
        rank_lower: told.number('rank_lower', place),
        rank_upper: told.number('rank_upper', place),
        tie: told.number('tie', place),
        observed: told.number('observed', place),
        previous_observed: told.number('previous_observed', place),
        expected: told.number('expected', place),
        relative_risk: told.number('relative_risk', place),
        relative_risk_lower: told.number('relative_risk_lower', place),
        relative_risk_upper: told.number('relative_risk_upper', place),
        form: /** @type {Form | null} */ (told.word('form', place)),
        event: /** @type {Event | null} */ (told.word('event', place)),
        lifecycle: /** @type {Lifecycle | null} */ (told.word('lifecycle', place)),
        weeks_listed: told.number('weeks_listed', place),
        too_little_data: told.value('too_little_data', place) === true,
        pile_up: told.value('pile_up', place) === true,
        caveats: /** @type {Caveat[]} */ (told.list('caveats', place)),
        window_start: String(told.value('window_start', place) ?? ''),
        window_end: String(told.value('window_end', place) ?? ''),
        neighbourhood: main === null ? null : named(main).code,
        neighbourhood_name: main === null ? null : named(main).name,
        neighbourhoods: /** @type {number[]} */ (told.list('neighbourhoods', place)).map(named),
        touches: /** @type {number[]} */ (told.list('touches', place)).map((number) => named(number).code),
        peak: /** @type {Peak | null} */ (told.value('peak', place)),
        changed: told.value('changed', place) === true,
        centroid: centroid === null ? middle(outlined.geometry) : grid.position(centroid[0], centroid[1]),
    });
}

/**
 * An outline, kept as the steps that came and made anew whenever it is asked for: the places of all weeks at hand would
 * be half a million small things, which the browser looks through each time it frees memory.
 */
class Outlined {
    #grid;
    #steps;

    /**
     * @param {Grid} grid
     * @param {readonly (readonly Steps[])[]} steps
     */
    constructor(grid, steps) {
        this.#grid = grid;
        this.#steps = steps;
    }

    get geometry() {
        return this.#grid.geometry(this.#steps);
    }
}

/** @type {AreaName} */
const NOWHERE = Object.freeze({ code: '', name: '' });
/** @type {readonly never[]} */
const NONE = Object.freeze([]);

/** Columns of which any may be absent: what a level is not told has none. */
class Columns {
    #columns;
    #words;

    /**
     * @param {Overview['hotspots']} columns
     * @param {Overview['words']} words
     */
    constructor(columns, words) {
        this.#columns = columns;
        this.#words = words;
    }

    /**
     * @param {string} name
     * @param {number} place
     */
    value(name, place) {
        return this.#columns[name]?.[place] ?? null;
    }

    /**
     * @param {string} name
     * @param {number} place
     */
    number(name, place) {
        return /** @type {number | null} */ (this.value(name, place));
    }

    /**
     * @param {string} name
     * @param {number} place
     */
    list(name, place) {
        return /** @type {readonly unknown[]} */ (this.value(name, place) ?? NONE);
    }

    /**
     * @param {string} name
     * @param {number} place
     */
    word(name, place) {
        const number = this.number(name, place);
        return number === null ? null : (this.#words[name]?.[number] ?? null);
    }
}

/** Whole steps from an origin, as longitude and latitude. */
class Grid {
    #perDegree;
    #x;
    #y;

    /**
     * @param {number} step_deg
     * @param {Position} origin_deg
     */
    constructor(step_deg, [lon_deg = 0, lat_deg = 0]) {
        // To divide whole numbers gives the decimals that were meant; to multiply by the step does not.
        this.#perDegree = Math.round(1 / step_deg);
        this.#x = Math.round(lon_deg / step_deg);
        this.#y = Math.round(lat_deg / step_deg);
    }

    /**
     * @param {number} x
     * @param {number} y
     * @returns {Position}
     */
    position(x, y) {
        return [(this.#x + x) / this.#perDegree, (this.#y + y) / this.#perDegree];
    }

    /**
     * @param {readonly (readonly Steps[])[]} polygons
     * @returns {Geometry}
     */
    geometry(polygons) {
        const coordinates = polygons.map((rings) => rings.map((steps) => this.#ring(steps)));
        const [only] = coordinates;
        if (coordinates.length === 1 && only !== undefined) return { type: 'Polygon', coordinates: only };
        return { type: 'MultiPolygon', coordinates };
    }

    /**
     * @param {Steps} steps
     * @returns {Ring}
     */
    #ring(steps) {
        /** @type {Position[]} */
        const ring = [];
        let x = 0;
        let y = 0;
        for (let place = 0; place + 1 < steps.length; place += 2) {
            x += steps[place] ?? 0;
            y += steps[place + 1] ?? 0;
            ring.push(this.position(x, y));
        }
        // A ring ends where it began.
        if (ring[0] !== undefined) ring.push(ring[0]);
        return ring;
    }
}

/**
 * The middle of the box around an outline, for levels that are not told the centre.
 *
 * @param {Geometry} geometry
 * @returns {Position}
 */
function middle(geometry) {
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [outer = []] of polygons) {
        for (const [lon_deg = 0, lat_deg = 0] of outer) {
            box[0] = Math.min(box[0] ?? 0, lon_deg);
            box[1] = Math.min(box[1] ?? 0, lat_deg);
            box[2] = Math.max(box[2] ?? 0, lon_deg);
            box[3] = Math.max(box[3] ?? 0, lat_deg);
        }
    }
    const [west = 0, south = 0, east = 0, north = 0] = box;
    return [(west + east) / 2, (south + north) / 2];
}
