import assert from 'node:assert/strict';
import { test } from 'node:test';

import { joined, piecesOf, squaresOf } from '../../api/web/map/streets.js';

/** @import {LineFeature, Position} from '../../api/web/types.d.ts' */

/** Some of Maastricht. @type {readonly [number, number, number, number]} */
const SEEN = [5.66, 50.83, 5.72, 50.87];

/**
 * @param {number} importance
 * @param {...Position} line
 * @returns {LineFeature}
 */
const street = (importance, ...line) => ({ geometry: { coordinates: [line] }, properties: { importance } });

test('streets are asked for from zoom 13 on, the small ones from 14', () => {
    assert.deepEqual(squaresOf(SEEN, 12.9), []);
    assert.deepEqual(new Set(squaresOf(SEEN, 13).map(({ tier }) => tier.importance)), new Set([2]));
    assert.deepEqual(new Set(squaresOf(SEEN, 18).map(({ tier }) => tier.importance)), new Set([3]));
});

test('the squares cover what is seen and no more', () => {
    const squares = squaresOf(SEEN, 14);
    const sides = squares.map(({ box_deg }) => box_deg);
    const [west, south, east, north] = SEEN;
    assert.ok(Math.min(...sides.map((box) => box[0])) <= west && Math.max(...sides.map((box) => box[2])) >= east);
    assert.ok(Math.min(...sides.map((box) => box[1])) <= south && Math.max(...sides.map((box) => box[3])) >= north);
    for (const box of sides) assert.ok(box[0] <= east && box[2] >= west && box[1] <= north && box[3] >= south);
    assert.equal(new Set(squares.map(({ key }) => key)).size, squares.length);
});

test('a step aside asks for no square that was there', () => {
    const [west, south, east, north] = SEEN;
    const before = new Set(squaresOf(SEEN, 15).map(({ key }) => key));
    const after = squaresOf([west + 1e-5, south, east + 1e-5, north], 15);
    assert.ok(after.every(({ key }) => before.has(key)));
});

test('lines become pieces by rank, without the bends that nobody sees', () => {
    const bent = street(1, [5.7, 50.85], [5.7000001, 50.85], [5.71, 50.85]);
    const [main, , small] = piecesOf([bent, street(3, [5.7, 50.8], [5.7, 50.9])], 17);
    assert.deepEqual(main, { from: [5.7, 50.85], to: [5.71, 50.85] });
    assert.deepEqual(small, { from: [5.7, 50.8], to: [5.7, 50.9] });
});

test('a street of which nothing is known is drawn with the least', () => {
    assert.equal(piecesOf([street(9, [5, 50], [6, 51])], 14).at(-1)?.from.length, 2);
});

test('squares are joined for drawing, the main roads last and so on top', () => {
    const pieces = piecesOf([street(1, [5, 50], [6, 50]), street(3, [5, 51], [6, 51])], 14);
    const drawn = joined([pieces, pieces]);
    assert.deepEqual(drawn.map(({ rank }) => rank), [2, 0]);
    assert.deepEqual([...(drawn[1]?.from ?? [])], [5, 50, 5, 50]);
    assert.deepEqual(joined([]), []);
});
