/** The layers beside the hotspots: what is chosen is fetched, drawn, and said in the legend. */

/** @import {App, Part, Shown} from '../types.d.ts' */
/** @import {Overlay} from '../map/drawing.d.ts' */
/** @import {Legend} from '../legend/legend.js' */
import { Problem } from '../api.js';
import { weekBefore } from '../format.js';
import { labelOf } from '../groups.js';
import { StreetFeed } from '../map/streets.js';
import { Feed, lasting } from './feed.js';
import { beforeOf, densityOf, figuresOf, incidentsOf } from './figures.js';
import { LayersControl } from './layers.js';

/** Incidents drawn at the most: more is no map to read, and takes long to fetch. */
const MOST_INCIDENTS = 3000;

/**
 * @param {App} app
 * @param {Legend} legend
 * @returns {Part}
 */
export function drawnPart({ api, map, page, weeks, change, shown: now }, legend) {
    const control = new LayersControl((layers) => change({ layers }, { replace: true }));
    page.tools.prepend(control.element);

    const changed = () => {
        const shown = now();
        if (shown !== null) draw(shown);
    };
    const feeds = {
        areas: new Feed((key, signal) => api.areaFigures(key, signal), changed),
        cells: new Feed((key, signal) => api.surface(key, signal), changed),
        before: new Feed((key, signal) => weeks.read(key, signal), changed),
        incidents: new Feed((key, signal) => api.incidents(key, MOST_INCIDENTS, signal), changed),
    };
    const made = {
        figures: lasting(figuresOf_),
        surface: lasting(densityOf_),
        before: lasting(beforeOf_),
        incidents: lasting(incidentsOf),
    };
    let level = '';
    const streets = new StreetFeed(api, map);
    void ground(api, map, streets);

    /** @param {Shown} shown */
    function want({ view: { layers, theme }, week: { ranking }, weeks: published, me }) {
        const asked = new URLSearchParams({ edition: String(ranking.edition), ...(theme === null ? {} : { theme }) });
        const ofTheme = theme === null ? '' : `?${new URLSearchParams({ theme })}`;
        const when = `datetime=${ranking.window_start}/${ranking.window_end}&sortby=-started_at`;
        const before = weekBefore(ranking.week);
        const isThere = published.some((one) => one.week === before);
        feeds.areas.want(layers.areas === null ? null : `${ranking.week}/areas?${asked}`);
        feeds.cells.want(layers.cells ? `${ranking.week}/surface${ofTheme}` : null);
        feeds.before.want(layers.before && isThere ? before : null);
        feeds.incidents.want(
            layers.incidents && seesIncidents(me) ? `${when}${theme === null ? '' : `&${new URLSearchParams({ theme })}`}` : null,
        );
    }

    /** @param {Shown} shown */
    function draw({ view, language, week, weeks: published, me }) {
        const { labels } = week.ranking;
        const { areas, cells, before, incidents } = feeds;
        /** @type {Overlay} */
        const overlay = {
            figures:
                areas.answer === null || view.layers.areas === null
                    ? null
                    : made.figures(areas.answer, view.layers.areas, language, labels),
            surface: cells.answer === null ? null : made.surface(cells.answer, language, labels),
            before: before.answer === null ? null : made.before(before.answer, week, language, view.theme),
            incidents: incidents.answer === null ? null : made.incidents(incidents.answer, language),
        };
        map.overlay(overlay);
        legend.overlay(overlay, language);
        const drawn = overlay.incidents;
        control.show({
            language,
            chosen: view.layers,
            states: {
                // A level that is told no figures gets an answer without them, and so do weeks of before there were any.
                areas: areas.state === 'drawn' && overlay.figures?.written.size === 0 ? 'none' : areas.state,
                cells: cells.state === 'drawn' && overlay.surface === null ? 'none' : cells.state,
                before: before.state,
                incidents: incidents.state,
            },
            seesIncidents: seesIncidents(me),
            hasBefore: published.some((one) => one.week === weekBefore(week.ranking.week)),
            incidents: drawn === null ? null : { shown: Math.min(MOST_INCIDENTS, drawn.all), all: drawn.all },
        });
    }

    return {
        show(shown) {
            const reader = `${shown.me?.name} ${shown.me?.level}`;
            if (reader !== level) for (const feed of Object.values(feeds)) feed.forget();
            level = reader;
            want(shown);
            draw(shown);
            streets.show(shown.language);
        },
    };
}

/**
 * Draw the map of somebody else below ours, where one is configured; where that cannot be asked, ours is enough.
 *
 * @param {App['api']} api
 * @param {App['map']} map
 * @param {StreetFeed} feed own streets, drawn where there is no such map and any were loaded
 */
async function ground(api, map, feed) {
    try {
        const { basemap, streets } = await api.settings();
        if (basemap !== null) map.ground(basemap, ({ url, signal }) => api.picture(url, signal));
        else if (streets !== null) feed.start(streets.attribution ?? '');
    } catch (error) {
        if (!(error instanceof Problem || error instanceof TypeError)) throw error;
    }
}

/** @typedef {Shown['week']['ranking']['labels']} Labels */

/**
 * @param {Parameters<typeof figuresOf>[0]} columns
 * @param {Parameters<typeof figuresOf>[1]} kind
 * @param {Shown['language']} language
 * @param {Labels} labels
 */
function figuresOf_(columns, kind, language, labels) {
    return figuresOf(columns, kind, { language, theme: labelOf(columns.theme, language, labels[columns.theme]) });
}

/**
 * @param {Parameters<typeof densityOf>[0]} columns
 * @param {Shown['language']} language
 * @param {Labels} labels
 */
function densityOf_(columns, language, labels) {
    return densityOf(columns, { language, theme: labelOf(columns.theme, language, labels[columns.theme]) });
}

/**
 * @param {Parameters<typeof beforeOf>[0]} earlier
 * @param {Parameters<typeof beforeOf>[1]} week
 * @param {Shown['language']} language
 * @param {string | null} theme
 */
function beforeOf_(earlier, week, language, theme) {
    return beforeOf(earlier, week, { language, theme });
}

/**
 * Single incidents are of the internal level, and need a right of their own.
 *
 * @param {Shown['me']} me
 */
function seesIncidents(me) {
    return me !== null && me.level === 'internal' && me.scopes.includes('incidents');
}
