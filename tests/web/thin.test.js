import assert from 'node:assert/strict';
import { test } from 'node:test';

import { borders } from '../../api/web/map/borders.js';
import { insides, ringsOf } from '../../api/web/map/inside.js';
import { WORLD_PX } from '../../api/web/map/mercator.js';
import { levelOf, snapped, thinned } from '../../api/web/map/thin.js';

/** @import {Area, Feature, Geometry, Position} from '../../api/web/types.d.ts' */

/**
 * A circle of many corners.
 *
 * @param {number} radius_deg
 * @param {number} corners
 * @returns {Geometry}
 */
const circle = (radius_deg, corners) => {
    const ring = Array.from({ length: corners }, (_, place) => {
        const angle = (2 * Math.PI * place) / corners;
        return /** @type {Position} */ ([5.7 + radius_deg * Math.cos(angle), 50.85 + 0.63 * radius_deg * Math.sin(angle)]);
    });
    return { type: 'Polygon', coordinates: [[...ring, ring[0] ?? []]] };
};

/** @param {Geometry} geometry */
const corners = (geometry) => ringsOf(geometry).reduce((sum, ring) => sum + ring.length - 1, 0);

/** @param {number} zoom */
const perPixel_deg = (zoom) => 360 / (WORLD_PX * 2 ** zoom);

/**
 * @param {Geometry} geometry
 * @param {number} lat_deg
 */
const width_deg = (geometry, lat_deg) =>
    insides(ringsOf(geometry), lat_deg).reduce((sum, [west_deg, east_deg]) => sum + east_deg - west_deg, 0);

test('a shape loses the corners that are not seen and stays where it is', () => {
    const whole = circle(0.002, 40);
    const thin = thinned(whole, 12);
    assert.ok(corners(thin) < 30 && corners(thin) >= 6, `${corners(thin)}`);
    for (const lat_deg of [50.8495, 50.85, 50.8505]) {
        // Three pixels at the most on either side.
        assert.ok(Math.abs(width_deg(thin, lat_deg) - width_deg(whole, lat_deg)) < 6 * perPixel_deg(12));
    }
    const [ring = []] = ringsOf(thin);
    assert.deepEqual(ring[0], ring.at(-1));
    assert.ok(ring.every((one) => ringsOf(whole)[0]?.includes(one)), 'no corner is made up');
});

test('the closer one looks, the more corners there are, and from close by all', () => {
    const whole = circle(0.002, 40);
    const counts = [10, 12, 14, 15].map((level) => corners(thinned(whole, level)));
    assert.deepEqual(counts, counts.toSorted((one, other) => one - other));
    assert.equal(thinned(whole, levelOf(16.2)), whole);
});

test('a shape of a pixel keeps an inside', () => {
    const tiny = thinned(circle(0.00005, 40), 8);
    assert.ok(corners(tiny) >= 6);
    assert.ok(width_deg(tiny, 50.85) > 0);
});

/**
 * Two areas with a crooked border between them.
 *
 * @returns {Feature<Area>[]}
 */
function neighbours() {
    const between = Array.from({ length: 2001 }, (_, place) => /** @type {Position} */ ([
        5.7 + 0.0004 * Math.sin(place * 0.17) + 0.002 * Math.sin(place / 200),
        50.8 + place * 0.00005,
    ]));
    const area = (/** @type {string} */ code, /** @type {Position[]} */ ring) => ({
        type: /** @type {const} */ ('Feature'),
        id: code,
        geometry: /** @type {Geometry} */ ({ type: 'Polygon', coordinates: [[...ring, ring[0] ?? []]] }),
        properties: { code, name: code, parent_code: null, vintage: 2010, schematic: false },
    });
    return [
        area('west', [...between, [5.6, 50.9], [5.6, 50.8]]),
        area('east', [...between.toReversed(), [5.8, 50.8], [5.8, 50.9]]),
    ];
}

test('areas that border on each other still do without the corners that are not seen', () => {
    const areas = neighbours();
    for (const level of [9, 11, 13]) {
        const made = snapped(areas, level);
        const count = made.reduce((sum, { geometry }) => sum + corners(geometry), 0);
        assert.ok(count < 2 * 2004 * 0.7, `${level}: ${count}`);
        // Between them there is no gap and no overlap: what one has on the border, the other has.
        const { shared, outline } = borders(made);
        assert.ok(shared.length > 3);
        assert.ok(outline.every((segment) => segment.some(([lon_deg = 0]) => lon_deg === 5.6 || lon_deg === 5.8)), `${level}`);
    }
    assert.equal(snapped(areas, levelOf(17)), areas);
});

test('an area that falls together keeps its shape', () => {
    const small = { ...(/** @type {Feature<Area>} */ (neighbours()[0])), geometry: circle(0.00001, 12) };
    assert.deepEqual(snapped([small], 8)[0]?.geometry, small.geometry);
});
