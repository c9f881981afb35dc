import assert from 'node:assert/strict';
import { test } from 'node:test';

import { dataHref, widen } from '../../api/web/browse/browse.js';

test('the box around features holds every position, however deep', () => {
    /** @type {[number, number, number, number]} */
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    widen([[[[5, 50], [6, 51]]], [[[4, 52, 7]]]], box);
    widen([7, 49], box);
    widen(null, box);
    assert.deepEqual(box, [4, 49, 7, 52]);
});

test('the map asks the host that the browser knows, for longitude and latitude', () => {
    const page = 'http://here.test/v1/collections/a/items';
    const href = dataHref('http://elsewhere.test/v1/collections/a/items?limit=2&crs=x&profile=jsonfg&lang=nl', page);
    assert.equal(href, 'http://here.test/v1/collections/a/items?limit=2&f=json');
});
