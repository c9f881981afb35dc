import assert from 'node:assert/strict';
import { test } from 'node:test';

import { level, moved, outline, peakCells } from '../../api/web/hours/grid.js';

test('a peak without weekdays is one of every day', () => {
    const cells = peakCells({ weekdays: null, start_hour: 18, hours: 3 });
    assert.equal(cells.size, 21);
    assert.ok(cells.has(18) && cells.has(6 * 24 + 20) && !cells.has(21));
});

test('what lies after midnight belongs to the day after, and to Monday after Sunday', () => {
    assert.deepEqual([...peakCells({ weekdays: [5], start_hour: 22, hours: 4 })], [118, 119, 120, 121]);
    assert.deepEqual([...peakCells({ weekdays: [7], start_hour: 23, hours: 2 })], [6 * 24 + 23, 0]);
});

test('where there is no peak nothing is outlined', () => {
    assert.equal(peakCells(null).size, 0);
    assert.deepEqual(outline(new Set(), 3, 3), []);
});

test('the outline runs around the peak and not through it', () => {
    const cells = peakCells({ weekdays: [1, 2], start_hour: 10, hours: 2 });
    assert.deepEqual(outline(cells, 0, 10), ['north', 'west']);
    assert.deepEqual(outline(cells, 1, 11), ['south', 'east']);
    assert.deepEqual(outline(cells, 2, 10), []);
    // A day's first hour lies beside nothing, though the night before is a part of it.
    assert.ok(outline(peakCells({ weekdays: [1], start_hour: 23, hours: 2 }), 1, 0).includes('west'));
});

test('each hour has the step of its share, and only nothing has none', () => {
    assert.deepEqual([0, 0.01, 2, 5, 9.99, 10].map((value) => level(value, 10, 5)), [0, 1, 1, 3, 5, 5]);
    assert.equal(level(0, 0, 5), 0);
});

test('keys walk through the week and stop at its edges', () => {
    assert.deepEqual(moved('ArrowRight', { day: 0, hour: 23 }), { day: 0, hour: 23 });
    assert.deepEqual(moved('ArrowDown', { day: 5, hour: 4 }), { day: 6, hour: 4 });
    assert.deepEqual(moved('ArrowUp', { day: 0, hour: 4 }), { day: 0, hour: 4 });
    assert.deepEqual(moved('End', { day: 2, hour: 4 }), { day: 2, hour: 23 });
    assert.equal(moved('Enter', { day: 2, hour: 4 }), null);
});
