import assert from 'node:assert/strict';
import { test } from 'node:test';

import { decoded } from '../../api/web/overview.js';
import { codes, filtersOn, isCompared, Selector, selected, together, within } from '../../api/web/selection.js';
import { AREAS, overview, viewOf } from './weeks.js';

/** @import {Selection, View} from '../../api/web/types.d.ts' */

const week = decoded(overview());
const how = Object.freeze({ language: /** @type {const} */ ('en'), areas: AREAS });

/** @param {Partial<View>} view */
const select = (view) => selected(week, viewOf(view), how);
/** @param {Selection} selection */
const ids = ({ rows }) => rows.map(({ hotspot }) => hotspot.id);

test('without a filter all is shown, in the order of the list', () => {
    const all = select({});
    assert.deepEqual(ids(all), ['hs-a', 'hs-b']);
    assert.deepEqual(all.groups.map(({ theme }) => theme), ['drugs', 'theft']);
    assert.deepEqual([all.on, all.gone, all.total], [[], [], 2]);
});

test('each filter lets pass what it names', () => {
    assert.deepEqual(ids(select({ theme: 'theft' })), []);
    assert.deepEqual(ids(select({ area: 'BU1' })), ['hs-a']);
    assert.deepEqual(ids(select({ area: 'BU1,BU2' })), ['hs-a', 'hs-b']);
    assert.deepEqual(ids(select({ area: 'WK1' })), ['hs-a']);
    assert.deepEqual(ids(select({ lifecycle: 'persistent' })), ['hs-b']);
    assert.deepEqual(ids(select({ changed: true })), ['hs-a']);
    assert.deepEqual(ids(select({ changed: true, lifecycle: 'persistent' })), []);
});

test('a theme that the week does not have is no choice', () => {
    assert.deepEqual(ids(select({ theme: 'none' })), ['hs-a', 'hs-b']);
    assert.deepEqual(select({ theme: 'none' }).on, []);
});

test('the other themes tell how many pass, whatever theme is chosen', () => {
    const counts = select({ theme: 'theft', area: 'BU1' }).themes.map(({ theme, rows }) => [theme, rows.length]);
    assert.deepEqual(counts, [['drugs', 1], ['theft', 0]]);
});

test('what is gone is told where what changed is asked for, by theme and by area', () => {
    const gone = (/** @type {Partial<View>} */ view) => select({ changed: true, ...view }).gone.map(({ id }) => id);
    assert.deepEqual(gone({}), ['hs-x', 'hs-y']);
    assert.deepEqual(gone({ theme: 'theft' }), ['hs-y']);
    assert.deepEqual(gone({ area: 'WK1' }), ['hs-x']);
    assert.deepEqual(gone({ lifecycle: 'new' }), []);
});

test('a hotspot is found by its id whatever the filters say', () => {
    assert.equal(select({ theme: 'theft' }).all.get('hs-b')?.row.sign, 'A2');
    // Of one theme alone the letter is left out, as in the list.
    assert.equal(select({ theme: 'drugs' }).all.get('hs-b')?.row.sign, '2');
});

test('the same question has the same answer, so that nothing is drawn again', () => {
    const selector = new Selector();
    const first = selector.select(week, viewOf({ area: 'BU1' }), how);
    assert.equal(selector.select(week, viewOf({ area: 'BU1', hotspot: 'hs-a' }), how), first);
    assert.notEqual(selector.select(week, viewOf({ area: 'BU2' }), how), first);
    assert.notEqual(selector.select(week, viewOf({ area: 'BU1' }), how), first);
});

test('filters that are on are named', () => {
    assert.deepEqual(filtersOn(viewOf({})), []);
    assert.deepEqual(filtersOn(viewOf({ area: 'BU1', changed: true })), ['area', 'changed']);
});

test('the same areas in another order are the same choice', () => {
    assert.equal(together(['BU2', 'BU1']), together(['BU1', 'BU2']));
    assert.deepEqual(codes(together(['BU2', 'BU1'])), ['BU1', 'BU2']);
    assert.deepEqual(codes(null), []);
});

test('a district is all of its neighbourhoods', () => {
    const names = (/** @type {string} */ area) => within(area, AREAS).map(({ id }) => id);
    assert.deepEqual(names('WK2'), ['BU2', 'BU3']);
    assert.deepEqual(names('BU1,WK2'), ['BU1', 'BU2', 'BU3']);
    assert.deepEqual(within(null, AREAS), []);
});

test('new means something where the week before is published, or where a rank before is told', () => {
    const before = [{ week: '2010-W29', edition: 1, hotspots: null }];
    const none = decoded(overview({ previous_rank: [null, null] }));
    assert.equal(isCompared(none, before), true);
    assert.equal(isCompared(none, []), false);
    assert.equal(isCompared(week, []), true);
});
