import assert from 'node:assert/strict';
import { test } from 'node:test';

import { shapeOf } from '../../api/web/map/flat.js';

/** @import {Geometry, Hotspot} from '../../api/web/types.d.ts' */

const SQUARE = /** @type {Geometry} */ ({ type: 'Polygon', coordinates: [[[5, 50], [6, 50], [6, 51], [5, 50]]] });

/** A hotspot that tells how often its outline was asked for. */
class Told {
    asked = 0;
    centroid = Object.freeze(/** @type {const} */ ([5.5, 50.5]));

    get geometry() {
        this.asked += 1;
        return SQUARE;
    }
}

/** @param {Told} told */
const shape = (told) => shapeOf(/** @type {Hotspot} */ (/** @type {unknown} */ (told)));

/** @param {number} number of others that are drawn */
const others = (number) => {
    for (let one = 0; one < number; one += 1) shape(new Told());
};

test('the shape of a hotspot is made once while it is among those asked for lately', () => {
    const told = new Told();
    const made = shape(told);
    const { asked } = told;
    assert.deepEqual(made.box, [5, 50, 6, 51]);
    assert.deepEqual(made.middle, [5.5, 50.5]);
    for (let week = 0; week < 8; week += 1) {
        others(3000);
        assert.equal(shape(told), made, 'a week that is gone back to is not made anew');
    }
    assert.equal(told.asked, asked);
});

test('the shape of a hotspot that nobody asks for any more is let go', () => {
    const told = new Told();
    const made = shape(told);
    const { asked } = told;
    others(9000);
    assert.notEqual(shape(told), made);
    assert.ok(told.asked > asked);
});
