import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
    BASE,
    BEFORE,
    CHANGE_COLOURS,
    DENSITY_COLOURS,
    INCIDENTS,
    NO_DATA,
    RATE_COLOURS,
    THEME_COLOURS,
    around,
    classOf,
    quantile,
    readable,
    riskOf,
    spread,
    strength,
    upwards,
} from '../../api/web/style.js';

/** @import {Colour} from '../../api/web/types.d.ts' */

/** Two neighbouring classes differ by this in OKLab at least, for every reader: some three times what is just seen. */
const APART = 0.055;

/** @param {number} part 0 to 255 */
const linear = (part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);

/** @param {Colour} colour */
const light = (colour) => colour.map(linear);

/**
 * What a person without one kind of cones sees of a colour, by the matrices of Machado, Oliveira and Fernandes (2009) for
 * the full deficiency; on linear light.
 *
 * @type {Record<string, readonly (readonly number[])[]>}
 */
const READERS = {
    all: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

/**
 * @param {readonly (readonly number[])[]} matrix
 * @param {readonly number[]} vector
 */
const times = (matrix, vector) => matrix.map((row) => row.reduce((sum, one, place) => sum + one * (vector[place] ?? 0), 0));

/**
 * A colour in OKLab (Ottosson 2020).
 *
 * @param {readonly number[]} linearLight
 */
const oklab = (linearLight) => {
    const within = linearLight.map((part) => Math.min(1, Math.max(0, part)));
    const cones = times([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]], within);
    return times([[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]], cones.map(Math.cbrt));
};

/**
 * @param {Colour} one
 * @param {Colour} other
 * @param {string} reader
 */
const apart = (one, other, reader) => {
    const seen = [one, other].map((colour) => oklab(times(READERS[reader] ?? [], light(colour))));
    return Math.hypot(...(seen[0] ?? []).map((part, place) => part - (seen[1]?.[place] ?? 0)));
};

/** @param {Colour} colour */
const luminance = (colour) => times([[0.2126, 0.7152, 0.0722]], light(colour))[0] ?? 0;

/**
 * @param {Colour} one
 * @param {Colour} other
 */
const contrast = (one, other) => {
    const [dark = 0, bright = 0] = [luminance(one), luminance(other)].sort((first, second) => first - second);
    return (bright + 0.05) / (dark + 0.05);
};

const RAMPS = { rate: RATE_COLOURS, change: CHANGE_COLOURS, density: DENSITY_COLOURS };

for (const reader of Object.keys(READERS)) {
    test(`neighbouring classes of every scale are told apart: ${reader}`, () => {
        for (const [name, ramp] of Object.entries(RAMPS)) {
            ramp.slice(1).forEach((colour, place) => {
                const distance = apart(ramp[place] ?? colour, colour, reader);
                assert.ok(distance >= APART, `${name} ${place}: ${distance.toFixed(3)}`);
            });
        }
    });

    test(`less and more are never taken for each other: ${reader}`, () => {
        const [muchLess, less, , more, muchMore] = CHANGE_COLOURS;
        assert.ok(muchLess && less && more && muchMore);
        for (const one of [muchLess, less]) for (const other of [more, muchMore]) assert.ok(apart(one, other, reader) >= APART);
    });
}

test('from little to much a scale only gets darker', () => {
    for (const ramp of [RATE_COLOURS, DENSITY_COLOURS]) {
        ramp.slice(1).forEach((colour, place) => assert.ok(luminance(colour) < luminance(ramp[place] ?? colour)));
    }
});

test('names, outlines and dots stand out from every ground: 3 to 1, or on a white casing that does', () => {
    const grounds = [BASE.land, BASE.touched, NO_DATA.ground, ...RATE_COLOURS, ...CHANGE_COLOURS, ...DENSITY_COLOURS];
    for (const ground of grounds) {
        assert.ok(contrast(BASE.chosen, ground) >= 3, `ink on ${ground}`);
        assert.ok(contrast(BEFORE.line, ground) >= 2.5, `last week on ${ground}`);
        assert.ok(contrast(INCIDENTS.ground, ground) >= 3, `incidents on ${ground}`);
    }
    assert.ok(contrast(BASE.name, BASE.land) >= 4.5);
    for (const theme of THEME_COLOURS) assert.ok(contrast(theme, BASE.border) >= 4.5, 'outlines lie on white');
});

test('a readable number is near, and one of few', () => {
    assert.deepEqual([0, 1.05, 13, 17, 22, 0.034, 97, 7.2].map(readable), [0, 1, 12, 15, 20, 0.03, 100, 8]);
    for (let value = 0.001; value < 5000; value *= 1.13) assert.ok(Math.abs(readable(value) - value) <= 0.15 * value + 1e-12);
});

test('a quantile lies between its neighbours', () => {
    assert.equal(quantile(Float64Array.of(1, 2, 3, 4), 0.5), 2.5);
    assert.equal(quantile(Float64Array.of(7), 0.9), 7);
});

test('classes hold about as many figures each, and begin at readable numbers', () => {
    const values = Array.from({ length: 500 }, (_, place) => 3 + place / 10);
    const { breaks, colours } = upwards(values, DENSITY_COLOURS);
    assert.equal(colours.length, breaks.length + 1);
    assert.deepEqual(breaks.map(readable), breaks);
    const counts = colours.map((_, place) => values.filter((value) => classOf(value, breaks) === place).length);
    for (const count of counts) assert.ok(count > 40 && count < 160, String(counts));
});

test('where nothing happened in many places, that is a class of its own', () => {
    const { breaks } = upwards([0, 0, 0, 0, 0, 0.3, 0.4, 0.8, 2.1, null], RATE_COLOURS);
    assert.equal(breaks[0], 0.3);
    assert.equal(classOf(0, breaks), 0);
    assert.equal(classOf(0.3, breaks), 1);
    assert.ok(breaks.length > 1);
});

test('figures that are all alike are one class, and none at all as well', () => {
    assert.deepEqual(upwards([4, 4, 4], RATE_COLOURS).breaks, []);
    assert.deepEqual(upwards([], RATE_COLOURS), { breaks: [], colours: [RATE_COLOURS[0]] });
});

test('a change is cut alike on both sides of 0, and 0 is in the middle', () => {
    const { breaks, colours } = around([-6, -2, -1, 0, 0, 1, 1, 2, 9, null], CHANGE_COLOURS, 1);
    assert.deepEqual(breaks, [...breaks].map((cut) => -cut).reverse());
    assert.equal(classOf(0, breaks), (colours.length - 1) / 2);
    assert.equal(colours[classOf(0, breaks)], CHANGE_COLOURS[2]);
    for (const size of [1, 2, 5, 40]) assert.equal(classOf(size, breaks) + classOf(-size, breaks), colours.length - 1);
    assert.deepEqual(around([0, 0], CHANGE_COLOURS, 1).breaks, [-1, 1]);
});

test('fewer classes take colours as far apart as can be', () => {
    assert.deepEqual(spread(CHANGE_COLOURS, 3), [CHANGE_COLOURS[0], CHANGE_COLOURS[2], CHANGE_COLOURS[4]]);
    assert.deepEqual(spread(RATE_COLOURS, 1), [RATE_COLOURS[0]]);
});

test('a hotspot of which a level is told no strength is drawn as the weakest', () => {
    assert.equal(strength(riskOf({ relative_risk: null, expected: null })), strength(0));
    assert.equal(strength(riskOf({ relative_risk: null, expected: 0 })), strength(Infinity));
    assert.equal(strength(riskOf({ relative_risk: 3, expected: 2 })), strength(3));
});
