/** The one place that fetches: reads the public interface, and nothing else. */

/** @import {Area, Edition, Feature, HotspotProperties, Link, PublishedWeek, Ranking, Week} from './types.d.ts' */

/** The service answered, but not with what was asked for. */
export class Problem extends Error {
    /**
     * @param {number} status HTTP status
     * @param {string} detail what the service says about it
     */
    constructor(status, detail) {
        super(detail);
        this.name = 'Problem';
        this.status = status;
    }
}

/** Weeks kept at hand, so that going back is immediate and a long day stays within memory. */
const WEEKS_KEPT = 12;

const PAGE_SIZE = 1000;

export class Api {
    #root;
    /** @type {AbortController | null} */
    #running = null;
    /** @type {Map<string, Week>} */
    #kept = new Map();

    /** @param {string} root address of the service, ending in a slash */
    constructor(root) {
        this.#root = root;
    }

    /** @returns {Promise<Edition[]>} latest week first */
    async weeks() {
        const { weeks } = /** @type {{weeks: PublishedWeek[]}} */ (await this.#json('v1/weeks'));
        // Within a week the latest edition, the one that holds, comes first.
        return weeks.flatMap(({ week, editions: [holds] }) =>
            holds === undefined ? [] : [{ week, edition: holds.edition }],
        );
    }

    /** @returns {Promise<Feature<Area>[]>} */
    async neighbourhoods() {
        return this.#features(`v1/collections/neighbourhoods/items?limit=${PAGE_SIZE}`);
    }

    /**
     * One week's list with the footprints. Asking for a week gives up the one that was still on its way.
     *
     * @param {Edition} edition
     * @returns {Promise<Week>}
     */
    async week({ week, edition }) {
        this.#running?.abort();
        const key = `${week}/${edition}`;
        const kept = this.#kept.get(key);
        if (kept !== undefined) return kept;
        this.#running = new AbortController();
        const { signal } = this.#running;
        // The features tell all that the rows of the list tell: of the list itself only the head is needed.
        const [ranking, features] = await Promise.all([
            /** @type {Promise<Ranking>} */ (this.#json(`v1/rankings/${week}?edition=${edition}&limit=1`, signal)),
            /** @type {Promise<Feature<HotspotProperties>[]>} */ (
                this.#features(`v1/rankings/${week}?edition=${edition}&f=geojson&limit=${PAGE_SIZE}`, signal)
            ),
        ]);
        const hotspots = features.map(({ properties, geometry }) =>
            Object.freeze({ ...unsaid(properties), ...properties, geometry }),
        );
        return this.#keep(key, Object.freeze({ ranking, hotspots }));
    }

    /**
     * Address of a hotspot's GeoJSON as one week tells it: a hotspot keeps its id through the weeks.
     *
     * @param {string} id
     * @param {string} week
     */
    hotspotHref(id, week) {
        return new URL(`v1/collections/hotspots/items/${encodeURIComponent(`${id}-${week}`)}`, this.#root).href;
    }

    /**
     * @param {string} key
     * @param {Week} week
     */
    #keep(key, week) {
        this.#kept.set(key, week);
        const [oldest] = this.#kept.keys();
        if (this.#kept.size > WEEKS_KEPT && oldest !== undefined) this.#kept.delete(oldest);
        return week;
    }

    /**
     * @param {string} path
     * @param {AbortSignal} [signal]
     * @returns {Promise<unknown>}
     */
    async #json(path, signal) {
        const response = await fetch(new URL(path, this.#root), {
            headers: { Accept: 'application/geo+json, application/json' },
            ...(signal === undefined ? {} : { signal }),
        });
        if (!response.ok) throw new Problem(response.status, await detail(response));
        return response.json();
    }

    /**
     * All features of a collection, page after page.
     *
     * @template Properties
     * @param {string} path
     * @param {AbortSignal} [signal]
     * @returns {Promise<Feature<Properties>[]>}
     */
    async #features(path, signal) {
        /** @type {Feature<Properties>[]} */
        const all = [];
        /** @type {string | undefined} */
        let next = path;
        while (next !== undefined) {
            const page = /** @type {FeaturePage<Properties>} */ (await this.#json(next, signal));
            all.push(...page.features);
            const href = page.links.find(({ rel }) => rel === 'next')?.href;
            // Behind a proxy the service may know itself by another name: only the query is taken over.
            next = href === undefined ? undefined : path.split('?')[0] + new URL(href, this.#root).search;
        }
        return all;
    }
}

/**
 * What an edition from before there were kinds and grades leaves unsaid of a hotspot.
 *
 * @param {HotspotProperties} properties
 * @returns {Pick<HotspotProperties, 'kind' | 'grade' | 'form'>}
 */
function unsaid({ places }) {
    return { kind: 'acute', grade: 'confirmed', form: places === 1 ? 'dot' : 'area' };
}

/**
 * @template Properties
 * @typedef {{features: Feature<Properties>[], links: Link[]}} FeaturePage
 */

/**
 * What a refusal says, in its own words where it has any.
 *
 * @param {Response} response
 */
async function detail(response) {
    const status = `${response.status} ${response.statusText}`.trim();
    if (!/json/.test(response.headers.get('Content-Type') ?? '')) return status;
    /** @type {{detail?: unknown, title?: unknown}} */
    const problem = await response.json();
    return String(problem.detail ?? problem.title ?? status);
}
