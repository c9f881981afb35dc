import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { INDEX, needed } from './preload.js';

test('every module is asked for at once, not one after the other has been read', () => {
    const links = readFileSync(INDEX, 'utf-8').matchAll(/<link rel="modulepreload" href="web\/([^"]+)">/g);
    assert.deepEqual([...links].map(([, path]) => path), needed(), 'run `node tests/web/preload.js`');
});
