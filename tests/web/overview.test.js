import assert from 'node:assert/strict';
import { test } from 'node:test';

import { decoded } from '../../api/web/overview.js';
import { overview } from './weeks.js';

const [first, second] = decoded(overview()).hotspots;

test('columns become hotspots, and numbers of words become words', () => {
    assert.equal(first?.id, 'hs-a');
    assert.equal(first?.theme, 'drugs');
    assert.deepEqual([first?.kind, first?.grade, first?.form, first?.event], ['acute', 'confirmed', 'line', 'new']);
    assert.deepEqual([second?.kind, second?.grade, second?.form], ['chronic', 'likely', null]);
    assert.deepEqual(first?.neighbourhoods, [{ code: 'BU1', name: 'Wyck' }, { code: 'BU2', name: 'Heer' }]);
    assert.deepEqual(first?.touches, ['BU1', 'BU2', 'WK1']);
    assert.equal(first?.neighbourhood_name, 'Wyck');
    assert.deepEqual(first?.peak, [22, 3, [5, 6]]);
    assert.deepEqual([first?.changed, second?.changed], [true, false]);
});

test('an outline is told in exact decimals and ends where it began', () => {
    assert.deepEqual(first?.geometry, {
        type: 'Polygon',
        coordinates: [[[5.7, 50.85], [5.70033, 50.8502], [5.70043, 50.8503], [5.7, 50.85]]],
    });
    assert.deepEqual(first?.centroid, [5.70012, 50.85007]);
});

test('an outline of several parts has holes and all', () => {
    const parts = [[[0, 0, 10, 0, 0, 10]], [[100, 0, 10, 0, 0, 10], [102, 2, 1, 0, 0, 1]]];
    const [hotspot] = decoded(overview({ footprint: [parts, parts] })).hotspots;
    assert.equal(hotspot?.geometry.type, 'MultiPolygon');
    assert.deepEqual(hotspot?.geometry.coordinates.map((polygon) => polygon.length), [1, 2]);
});

test('what a level is not told has no column, and is told as nothing', () => {
    const { id, theme, kind, grade, rank, neighbourhood, touches, footprint } = overview().hotspots;
    const open = /** @type {ReturnType<typeof overview>['hotspots']} */ (
        /** @type {unknown} */ ({ id, theme, kind, grade, rank, neighbourhood, touches, footprint })
    );
    const [hotspot] = decoded({ ...overview(), hotspots: open }).hotspots;
    for (const name of /** @type {const} */ (['observed', 'expected', 'relative_risk', 'lifecycle', 'peak', 'previous_rank'])) {
        assert.equal(hotspot?.[name], null, name);
    }
    assert.deepEqual([hotspot?.caveats, hotspot?.neighbourhoods, hotspot?.changed], [[], [], false]);
    // The middle of the outline stands in for the centre.
    assert.deepEqual(hotspot?.centroid.map((one) => one.toFixed(5)), ['5.70022', '50.85015']);
});

test('the head of the list is the ranking, without the columns', () => {
    const { ranking } = decoded(overview());
    assert.equal(ranking.week, '2010-W30');
    assert.ok(!('hotspots' in ranking) && !('areas' in ranking));
});

test('two thousand hotspots are read without blocking the page', () => {
    const many = overview().hotspots;
    const columns = Object.fromEntries(
        Object.entries(many).map(([name, [one]]) => [name, Array.from({ length: 2000 }, () => one)]),
    );
    const ring = Array.from({ length: 64 }, (_, place) => (place < 2 ? 500 : (place % 7) - 3));
    const large = { ...overview(), hotspots: { ...columns, footprint: Array.from({ length: 2000 }, () => [[ring]]) } };
    decoded(large);
    const start = performance.now();
    assert.equal(decoded(large).hotspots.length, 2000);
    // A browser may take 30 ms; other tests run at the same time as this one.
    assert.ok(performance.now() - start < 200, `${performance.now() - start} ms`);
});
