/** The one place that fetches: reads the public interface, and nothing else. */

/** @import {Area, AreaName, Credentials, Edition, Feature, LineFeature, Link, Me, Overview, Position, PublishedWeek, Settings, Week} from './types.d.ts' */
/** @import {Detail, Dossier, NewNote} from './panel/types.js' */
/** @import {AreaColumns, IncidentPoints, SurfaceColumns} from './map/drawing.d.ts' */
/** @import {Told, Wanted} from './asking.js' */
import { Asking } from './asking.js';
import { decoded } from './overview.js';

export { Problem } from './problem.js';

const PAGE_SIZE = 1000;

/** Where nobody listens nobody signs in, and what is refused stays refused. @type {Told} */
const ALONE = Object.freeze({ expired: () => Promise.resolve(false), reached: () => undefined });

export class Api {
    #root;
    #asking;

    /**
     * @param {string} root address of the service, ending in a slash
     * @param {Told} [told] hears of a sign-in that is no longer accepted, and whether the service is reached
     */
    constructor(root, told = ALONE) {
        this.#root = root;
        this.#asking = new Asking((address, how) => fetch(address, how), told);
    }

    /**
     * Ask as somebody else from now on. Requests on their way are not given up: one may wait for this very sign-in.
     *
     * @param {Credentials | null} credentials of whoever signed in, or null for everybody
     */
    be(credentials) {
        this.#asking.be(credentials);
    }

    /** @returns {Promise<Me>} what the service takes the reader for */
    async me() {
        return /** @type {Me} */ (await this.#json('v1/me'));
    }

    /**
     * What the service would take somebody for who is not signed in yet.
     *
     * @param {Credentials} credentials
     * @returns {Promise<Me>}
     */
    async meAs(credentials) {
        const response = await this.#asking.askAs(new URL('v1/me', this.#root), credentials);
        return /** @type {Me} */ (await response.json());
    }

    /** @returns {Promise<Settings>} how the municipality has the page */
    async settings() {
        return /** @type {Settings} */ (await this.#json('v1/map'));
    }

    /** Whether the service is there: what it answers does not matter. */
    async probe() {
        await this.#asking.askAs(new URL('health/live', this.#root), null);
    }

    /**
     * @param {string} id
     * @returns {Promise<string>} the latest week that lists the hotspot
     */
    async lastListed(id) {
        const { latest_week } = /** @type {{latest_week: string}} */ (
            await this.#json(`v1/hotspots/${encodeURIComponent(id)}`)
        );
        return latest_week;
    }

    /**
     * A file of the service, asked for as whoever signed in: a link could not carry the sign-in.
     *
     * @param {string} path such as `v1/rankings/2010-W30?f=csv`
     * @param {AbortSignal} [signal]
     * @returns {Promise<Blob>}
     */
    async file(path, signal) {
        const response = await this.#ask(path, { accept: '*/*', ...(signal === undefined ? {} : { signal }) });
        return response.blob();
    }

    /** @returns {Promise<Edition[]>} latest week first */
    async weeks() {
        const { weeks } = /** @type {{weeks: PublishedWeek[]}} */ (await this.#json('v1/weeks'));
        // Within a week the latest edition, the one that holds, comes first.
        return weeks.flatMap(({ week, editions: [holds] }) =>
            holds === undefined ? [] : [{ week, edition: holds.edition, hotspots: holds.hotspots ?? null }],
        );
    }

    /** @returns {Promise<Feature<Area>[]>} */
    async neighbourhoods() {
        return this.#features(`v1/collections/neighbourhoods/items?limit=${PAGE_SIZE}`);
    }

    /** @returns {Promise<AreaName[]>} */
    async districts() {
        /** @type {Feature<Area>[]} */
        const districts = await this.#features(`v1/collections/districts/items?limit=${PAGE_SIZE}`);
        return districts.map(({ properties: { code, name } }) => ({ code, name }));
    }

    /**
     * What list and map need of one week.
     *
     * @param {string | null} week the latest if absent
     * @param {AbortSignal} [signal]
     * @returns {Promise<Week>}
     */
    async week(week, signal) {
        return decoded(/** @type {Overview} */ (await this.#json(`v1/rankings/${week ?? 'latest'}/overview`, signal)));
    }

    /**
     * Where a hotspot's GeoJSON is as one week tells it: a hotspot keeps its id through the weeks.
     *
     * @param {string} id
     * @param {string} week
     */
    hotspotPath(id, week) {
        return `v1/collections/hotspots/items/${encodeURIComponent(`${id}-${week}`)}`;
    }

    // PANEL: a hotspot through its weeks, and what professionals say of it.

    /**
     * @param {string} id
     * @param {string} week whose evidence is told
     * @param {AbortSignal} [signal]
     * @returns {Promise<Detail>}
     */
    async hotspot(id, week, signal) {
        return /** @type {Detail} */ (await this.#json(`v1/hotspots/${encodeURIComponent(`${id}-${week}`)}`, signal));
    }

    /**
     * @param {string} id
     * @param {AbortSignal} [signal]
     * @returns {Promise<Dossier>}
     */
    async notes(id, signal) {
        return /** @type {Dossier} */ (await this.#json(`v1/hotspots/${encodeURIComponent(id)}/notes`, signal));
    }

    /**
     * @param {string} id
     * @param {NewNote} note
     * @returns {Promise<Dossier>} all notes, this one included
     */
    async addNote(id, note) {
        const path = `v1/hotspots/${encodeURIComponent(id)}/notes`;
        const response = await this.#ask(path, { method: 'POST', body: note });
        return /** @type {Dossier} */ (await response.json());
    }

    // LAYERS: what the map draws beside the hotspots.

    /**
     * @param {string} asked such as `2010-W30/areas?edition=1&theme=burglary`
     * @param {AbortSignal} signal
     * @returns {Promise<AreaColumns>}
     */
    async areaFigures(asked, signal) {
        return /** @type {AreaColumns} */ (await this.#json(`v1/rankings/${asked}`, signal));
    }

    /**
     * @param {string} asked such as `2010-W30/surface?theme=burglary`
     * @param {AbortSignal} signal
     * @returns {Promise<SurfaceColumns>}
     */
    async surface(asked, signal) {
        return /** @type {SurfaceColumns} */ (await this.#json(`v1/rankings/${asked}`, signal));
    }

    /**
     * A square of the map that is drawn below ours. It is of another service: it is told nothing of who asks.
     *
     * @param {string} url
     * @param {AbortSignal} signal
     * @returns {Promise<ImageBitmap | null>} nothing where there is none
     */
    async picture(url, signal) {
        const response = await fetch(url, { signal, credentials: 'omit', referrerPolicy: 'no-referrer' });
        return response.ok ? createImageBitmap(await response.blob()) : null;
    }

    /**
     * Where the newest incidents lie; a page at a time, up to a limit.
     *
     * @param {string} asked such as `datetime=2010-07-05/2010-08-01`
     * @param {number} most
     * @param {AbortSignal} signal
     * @returns {Promise<IncidentPoints>}
     */
    async incidents(asked, most, signal) {
        /** @type {Position[]} */
        const positions = [];
        const path = 'v1/collections/incidents/items';
        /** @type {string | undefined} */
        let query = `?limit=${PAGE_SIZE}&${asked}`;
        let all = 0;
        while (query !== undefined && positions.length < most) {
            const page = /** @type {PointPage} */ (await this.#json(path + query, signal));
            all = page.numberMatched ?? all;
            positions.push(...page.features.map(({ geometry }) => geometry.coordinates));
            const href = page.links.find(({ rel }) => rel === 'next')?.href;
            query = href === undefined ? undefined : new URL(href, this.#root).search;
        }
        return { positions, all: Math.max(all, positions.length) };
    }

    /**
     * Streets of a part of the map, the most important first; a page at a time, up to a limit.
     *
     * @param {readonly [west_deg: number, south_deg: number, east_deg: number, north_deg: number]} box
     * @param {number} importance up to which: 1 for main roads, 3 for all
     * @param {number} most
     * @param {AbortSignal} signal
     * @returns {Promise<{features: LineFeature[], isCut: boolean}>}
     */
    async streets(box, importance, most, signal) {
        /** @type {LineFeature[]} */
        const features = [];
        const path = 'v1/collections/streets/items';
        const chosen = { filter: `importance<=${importance}`, sortby: 'importance', properties: 'geometry,importance' };
        const bbox = box.map((side) => side.toFixed(6)).join();
        /** @type {string | undefined} */
        let query = `?${new URLSearchParams({ limit: String(PAGE_SIZE), bbox, ...chosen })}`;
        while (query !== undefined && features.length < most) {
            const page = /** @type {{features: LineFeature[], links: Link[]}} */ (await this.#json(path + query, signal));
            features.push(...page.features);
            const href = page.links.find(({ rel }) => rel === 'next')?.href;
            query = href === undefined ? undefined : new URL(href, this.#root).search;
        }
        return { features, isCut: query !== undefined };
    }

    /**
     * The whole address of something that the service has.
     *
     * @param {string} path
     */
    href(path) {
        return new URL(path, this.#root).href;
    }

    /**
     * @param {string} path
     * @param {AbortSignal} [signal]
     * @returns {Promise<unknown>}
     */
    async #json(path, signal) {
        const accept = 'application/geo+json, application/json';
        const response = await this.#ask(path, { accept, ...(signal === undefined ? {} : { signal }) });
        return response.json();
    }

    /**
     * @param {string} path
     * @param {Wanted} wanted
     */
    #ask(path, wanted) {
        return this.#asking.ask(new URL(path, this.#root), wanted);
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
 * @template Properties
 * @typedef {{features: Feature<Properties>[], links: Link[]}} FeaturePage
 */

/** @typedef {{features: {geometry: {coordinates: Position}}[], links: Link[], numberMatched?: number}} PointPage */
