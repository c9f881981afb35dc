import assert from 'node:assert/strict';
import { test } from 'node:test';

import { NOTHING_CHOSEN, readView, roundedCamera, writeView } from '../../api/web/state.js';

/** @import {View} from '../../api/web/types.d.ts' */

/** @type {View} */
const EVERYTHING = Object.freeze({
    week: '2010-W30',
    theme: 'drug_nuisance',
    area: 'BU09350602',
    lifecycle: 'intensifying',
    changed: true,
    compare: '2010-W26',
    how: 'side',
    layers: Object.freeze({ areas: 'change', cells: true, before: true, incidents: true }),
    hotspot: 'GM0935-drug_nuisance-2010-W30-1a2b',
    language: 'nl',
    camera: Object.freeze({ lon_deg: 5.690112, lat_deg: -50.85, zoom: 13.25 }),
});

test('an empty address chooses nothing', () => {
    assert.deepEqual(readView(''), NOTHING_CHOSEN);
    assert.equal(writeView(NOTHING_CHOSEN), '#');
});

test('a view that is written is read again', () => {
    assert.deepEqual(readView(writeView(EVERYTHING)), EVERYTHING);
    for (const field of /** @type {(keyof View)[]} */ (Object.keys(EVERYTHING))) {
        const view = { ...NOTHING_CHOSEN, [field]: EVERYTHING[field] };
        assert.deepEqual(readView(writeView(view)), view);
    }
});

test('an address is one that people can read', () => {
    assert.equal(
        writeView({ ...NOTHING_CHOSEN, week: '2010-W30', camera: { lon_deg: 5.69, lat_deg: 50.85, zoom: 12 } }),
        '#week=2010-W30&map=5.69/50.85/12',
    );
    const layers = { ...NOTHING_CHOSEN.layers, areas: /** @type {const} */ ('rate'), before: true };
    assert.equal(writeView({ ...NOTHING_CHOSEN, layers }), '#layers=rate,before');
});

test('any text parses, and what is no view is left out', () => {
    const wrong = [
        '#week=30&theme=<b>&hotspot=&lang=de&map=5/50',
        '#area=<i>&life=&changed=yes&compare=2010&how=upside&layers=,,areas,none',
        '#map=5/50/',
        '#map=//',
        '#map=NaN/50/12',
        '#map=181/50/12',
        '#map=5/86/12',
        '#map=5/50/23',
        '#map=5/50/12/1',
        '#%',
        '#%E0%A4%A',
        '#=&&&==',
        '\u0000#week',
        `#hotspot=${'a'.repeat(5000)}`,
    ];
    for (const hash of wrong) assert.deepEqual(readView(hash), NOTHING_CHOSEN, hash);
});

test('a view is frozen', () => {
    assert.ok(Object.isFrozen(readView('#week=2010-W30')));
});

test('a camera is as precise as an address needs', () => {
    assert.deepEqual(roundedCamera({ lon_deg: 5.69011249, lat_deg: 50.8500004, zoom: 12.3456 }), {
        lon_deg: 5.690112,
        lat_deg: 50.85,
        zoom: 12.35,
    });
});
