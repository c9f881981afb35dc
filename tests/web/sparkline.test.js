import assert from 'node:assert/strict';
import { test } from 'node:test';

import { columnAt, columns, corners, scaleTop, stepped } from '../../api/web/sparkline/geometry.js';

const FIELD = { width: 520, height: 80, top: 20, gap: 2 };

test('columns stand side by side on the lower edge, as high as their share', () => {
    const [none, half, full] = columns([0, 5, 10], { ...FIELD, width: 30 }, 10);
    assert.deepEqual(none, { x: 1, y: 80, width: 8, height: 0 });
    assert.deepEqual(half, { x: 11, y: 50, width: 8, height: 30 });
    assert.deepEqual(full, { x: 21, y: 20, width: 8, height: 60 });
});

test('what is not nothing is seen', () => {
    const [seen] = columns([0.001], FIELD, 100);
    assert.ok(seen !== undefined && seen.height >= 1);
});

test('no column leaves the field', () => {
    const values = Array.from({ length: 52 }, (_, week) => (week * 7) % 13);
    for (const { x, y, width, height } of columns(values, FIELD, scaleTop(values))) {
        assert.ok(x >= 0 && x + width <= FIELD.width && y >= FIELD.top && Math.abs(y + height - FIELD.height) < 1e-9);
    }
});

test('a scale ends at a number that is easily read and holds all', () => {
    assert.deepEqual([[], [0], [1], [5], [6], [17], [116], [1234]].map(scaleTop), [1, 1, 1, 5, 6, 20, 150, 1500]);
});

test('a place on the picture is a column, at its ends as well', () => {
    assert.deepEqual([-0.2, 0, 0.5, 0.999, 1.3].map((share) => columnAt(share, 52)), [0, 0, 26, 51, 51]);
});

test('keys walk through the columns and stop at the ends', () => {
    assert.equal(stepped('ArrowLeft', 0, 52), 0);
    assert.equal(stepped('ArrowRight', 50, 52), 51);
    assert.equal(stepped('ArrowRight', 51, 52), 51);
    assert.equal(stepped('Home', 30, 52), 0);
    assert.equal(stepped('End', 30, 52), 51);
    assert.equal(stepped('PageDown', 10, 52), 6);
    assert.equal(stepped('Tab', 10, 52), null);
});

test('each sign has a shape of its own', () => {
    const shapes = /** @type {const} */ (['listed', 'hot', 'cold']).map((mark) => corners(mark, 10, 10, 4));
    assert.equal(new Set(shapes).size, 3);
    assert.equal(corners('listed', 10, 10, 4), '10,6 13.4,10 10,14 6.6,10');
    assert.equal(corners('hot', 0, 0, 5).split(' ').length, 3);
});
