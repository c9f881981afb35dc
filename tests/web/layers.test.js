import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import { Feed, lasting } from '../../api/web/layers/feed.js';
import { beforeOf, densityOf, figuresOf, incidentsOf, piles, signed } from '../../api/web/layers/figures.js';
import { placeAt } from '../../api/web/map/pointed.js';
import { surfaceOf } from '../../api/web/map/surface.js';
import { DENSITY_COLOURS, SEEN_THROUGH } from '../../api/web/style.js';
import { TEXTS } from '../../api/web/texts.js';

/** @import {AreaColumns, SurfaceColumns} from '../../api/web/map/drawing.d.ts' */
/** @import {Week} from '../../api/web/types.d.ts' */

/** @type {SurfaceColumns} */
const SURFACE = {
    week: '2010-W30',
    theme: 'burglary',
    window_start: '2009-08-03',
    window_end: '2010-08-01',
    grid: { columns: 4, rows: 3, size_m: 125, corners_deg: [[5, 50], [5.4, 50], [5.4, 50.3], [5, 50.3]] },
    squares: { column: [0, 3], row: [0, 2], density_per_km2: [10, 200], ratio: [0.5, null] },
};

const SAID = { heading: { title: '', unit: '' }, told: () => [] };

test('a square of the density is one pixel of a picture that begins in the north-west', () => {
    const surface = surfaceOf(SURFACE, SAID);
    assert.ok(surface);
    const { picture, places, scale } = surface;
    assert.deepEqual([...places], [-1, -1, -1, 1, -1, -1, -1, -1, 0, -1, -1, -1]);
    assert.deepEqual([...picture.data.slice(4 * 8, 4 * 9)], [...(scale.colours[0] ?? []), SEEN_THROUGH.cells]);
    assert.deepEqual([...picture.data.slice(0, 4)], [0, 0, 0, 0], 'where there is no square one sees through');
    assert.deepEqual(scale.colours.at(-1), DENSITY_COLOURS.at(-1));
});

test('a square of several sides fills them to the north-east', () => {
    const squares = { column: [1], row: [0], density_per_km2: [5], ratio: [1], cells: [2] };
    const surface = surfaceOf({ ...SURFACE, squares }, SAID);
    assert.deepEqual([...(surface?.places ?? [])], [-1, -1, -1, -1, -1, 0, 0, -1, -1, 0, 0, -1]);
});

test('no squares are no density', () => {
    assert.equal(surfaceOf({ ...SURFACE, grid: null }, SAID), null);
});

test('the pointer meets the square that is drawn there', () => {
    const surface = surfaceOf(SURFACE, SAID);
    assert.ok(surface);
    assert.equal(placeAt(surface, [5.05, 50.05]), 0);
    assert.equal(placeAt(surface, [5.35, 50.25]), 1);
    assert.equal(placeAt(surface, [5.15, 50.05]), null);
    assert.equal(placeAt(surface, [5.45, 50.05]), null);
});

test('a density says its unit, its squares and its period', () => {
    const density = densityOf(SURFACE, { language: 'en', theme: 'Burglary' });
    assert.equal(density?.heading.title, 'Burglary, 3 Aug 2009 – 1 Aug 2010');
    assert.equal(density.heading.unit, 'incidents per km², squares of 125 m');
    assert.deepEqual(density.told(0), ['10 incidents per km²', '0.5× the mean']);
    assert.deepEqual(density.told(1), ['200 incidents per km²']);
});

/** @type {AreaColumns} */
const AREAS = {
    week: '2010-W30',
    theme: 'burglary',
    before: { week_1: '2010-W29', week_4: null },
    areas: {
        code: ['a', 'b', 'c'],
        name: ['Wyck', 'Heer', 'Amby'],
        observed: [4, 0, null],
        expected: [1.5, 0.5, null],
        rate: [2.15, 0, null],
        change_1: [3, -1, null],
    },
};

test('neighbourhoods by rate have a figure where there is one, and the table tells all', () => {
    const figures = figuresOf(AREAS, 'rate', { language: 'en', theme: 'Burglary' });
    assert.deepEqual([...figures.values], [['a', 2.15], ['b', 0], ['c', null]]);
    assert.deepEqual([...figures.written], [['a', '2.2'], ['b', '0']]);
    assert.deepEqual(figures.told.get('a'), ['2.2 per 1,000 inhabitants', '4 incidents, 1.5 expected']);
    assert.equal(figures.told.get('c'), undefined);
    assert.deepEqual(figures.rows[2], { code: 'c', name: 'Amby', observed: '–', rate: '–', change: '–' });
});

test('a change has a sign, and says against which week', () => {
    const figures = figuresOf(AREAS, 'change', { language: 'nl', theme: 'Inbraak' });
    assert.deepEqual([...figures.written.values()], ['+3', '−1']);
    assert.match(figures.heading.unit, /week 29/);
    assert.deepEqual([signed(0, 'en'), signed(-2.5, 'nl'), signed(1, 'en')], ['0', '−2,5', '+1']);
});

test('a level that is told no figures sees none and reads why', () => {
    const { code, name } = AREAS.areas;
    const figures = figuresOf({ ...AREAS, areas: { code, name } }, 'rate', { language: 'en', theme: 'Burglary' });
    assert.equal(figures.written.size, 0);
    assert.match(figures.heading.unit, /At your level/);
    assert.deepEqual([...figures.values.values()], [null, null, null]);
});

test('incidents with one coordinate are one dot', () => {
    assert.deepEqual(piles([[5, 50], [5, 51], [5, 50]]), [{ position: [5, 50], count: 2 }, { position: [5, 51], count: 1 }]);
    assert.deepEqual(incidentsOf({ positions: [[5, 50]], all: 1 }, 'en').told({ position: [5, 50], count: 1 }), ['1 incident at this point']);
});

test('of last week it is said what is gone', () => {
    const week = (/** @type {string} */ name, /** @type {string[]} */ ids) =>
        /** @type {Week} */ (/** @type {unknown} */ ({ ranking: { week: name, labels: {} }, hotspots: ids.map((id) => ({ id, theme: id.slice(0, 1), rank: 2 })) }));
    const before = beforeOf(week('2010-W29', ['a1', 'a2', 'b1']), week('2010-W30', ['a1']), { language: 'en', theme: 'a' });
    assert.deepEqual(before.hotspots.map(({ id }) => id), ['a1', 'a2']);
    assert.deepEqual([...before.gone], ['a2']);
    const [stays, gone] = before.hotspots;
    assert.ok(stays && gone);
    assert.doesNotMatch(before.told(stays).join(), /no longer/);
    assert.match(before.told(gone).join(), /On the list of week 29,no longer listed now/);
});

test('a newer wish aborts the older, and what was fetched is not fetched again', async () => {
    /** @type {string[]} */
    const asked = [];
    /** @type {string[]} */
    const given = [];
    const feed = new Feed(async (key, signal) => {
        asked.push(key);
        await new Promise((resolve) => setTimeout(resolve));
        if (!signal.aborted) given.push(key);
        return key;
    }, () => undefined);
    feed.want('a');
    feed.want('b');
    assert.equal(feed.state, 'loading');
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual([asked, given, feed.answer, feed.state], [['a', 'b'], ['b'], 'b', 'drawn']);
    feed.want(null);
    assert.deepEqual([feed.answer, feed.state], [null, 'off']);
    feed.want('b');
    assert.deepEqual([asked.length, feed.answer], [2, 'b']);
});

test('a layer that failed says so, and is asked for once more when it is wanted once more', async () => {
    let told = 0;
    const feed = new Feed(() => Promise.reject(new TypeError('offline')), () => (told += 1));
    feed.want('a');
    await new Promise((resolve) => setTimeout(resolve));
    assert.deepEqual([feed.state, feed.answer, told], ['failed', null, 1]);
    feed.want('a');
    assert.equal(feed.state, 'loading');
});

test('the same ingredients give the same thing', () => {
    const make = lasting((/** @type {object} */ one, /** @type {string} */ other) => ({ one, other }));
    const thing = {};
    assert.equal(make(thing, 'a'), make(thing, 'a'));
    assert.notEqual(make(thing, 'a'), make(thing, 'b'));
});

test('every text of the layers is used', () => {
    const folder = new URL('../../api/web/', import.meta.url);
    const code = readdirSync(folder, { recursive: true })
        .map(String)
        .filter((name) => name.endsWith('.js') && !name.startsWith('texts'))
        .map((name) => readFileSync(new URL(name, folder), 'utf-8'))
        .join('\n');
    for (const key of Object.keys(TEXTS.nl.layers)) assert.match(code, new RegExp(`\\.${key}\\b`), key);
    assert.deepEqual(Object.keys(TEXTS.nl.layers), Object.keys(TEXTS.en.layers));
});
