import assert from 'node:assert/strict';
import { test } from 'node:test';

import { difference, inOrder, steps } from '../../api/web/compare/difference.js';
import { summary } from '../../api/web/compare/list.js';
import { fileName, joined, onlyFeatures, onlyRows } from '../../api/web/download/files.js';
import { embedCode } from '../../api/web/share/share.js';
import { NOTHING_CHOSEN } from '../../api/web/state.js';
import { filterWords } from '../../api/web/toolbar/words.js';

/** @import {Row, Shown} from '../../api/web/types.d.ts' */

const row = (/** @type {string} */ id, /** @type {number} */ rank) =>
    /** @type {Row} */ (/** @type {unknown} */ ({ hotspot: { id, rank, theme: 'burglary' }, sign: `A${rank}` }));
const ids = (/** @type {readonly Row[]} */ rows) => rows.map(({ hotspot }) => hotspot.id);

test('two weeks differ by what is new, gone, and moved', () => {
    const earlier = [row('stays', 1), row('falls', 2), row('rises', 4), row('goes', 3)];
    const later = [row('stays', 1), row('rises', 2), row('falls', 4), row('comes', 3)];
    const found = difference(earlier, later);
    assert.deepEqual([ids(found.fresh), ids(found.gone), found.same], [['comes'], ['goes'], 1]);
    assert.deepEqual(found.up.map((one) => [one.row.hotspot.id, steps(one)]), [['rises', 2]]);
    assert.deepEqual(found.down.map((one) => [one.row.hotspot.id, steps(one)]), [['falls', -2]]);
    assert.equal(summary(found, 'en'), '1 new, 1 gone, 1 up, 1 down, 1 at the same place.');
    assert.equal(summary(difference(earlier, earlier), 'nl'), '4 op dezelfde plaats.');
    assert.match(summary(difference([], []), 'en'), /no hotspot in either/);
});

test('weeks are compared in the order of time', () => {
    assert.deepEqual(inOrder('2026-W02', '2025-W52'), ['2025-W52', '2026-W02']);
    assert.deepEqual(inOrder('2025-W52', '2026-W02'), ['2025-W52', '2026-W02']);
});

const TABLE = '\uFEFFrank,id,why\r\n1,hs-a,"says ""so"",\r\nand more"\r\n2,hs-b,plain\r\n3,"hs-c",\r\n';

test('of a table exactly the shown rows are kept, letter by letter', () => {
    assert.equal(onlyRows(TABLE, new Set(['hs-a', 'hs-c'])), TABLE.replace('2,hs-b,plain\r\n', ''));
    assert.equal(onlyRows(TABLE, new Set()), '\uFEFFrank,id,why\r\n');
    assert.equal(onlyRows(TABLE, new Set(['hs-a', 'hs-b', 'hs-c'])), TABLE);
    assert.throws(() => onlyRows('a,b\r\n1,2\r\n', new Set()), /no column id/);
});

test('a table that came in parts has one head', () => {
    const rows = TABLE.slice(TABLE.indexOf('1,hs-a'));
    assert.equal(joined([TABLE, '\uFEFFrank,id,why\r\n9,hs-z,\r\n']), `${TABLE}9,hs-z,\r\n`);
    assert.equal(joined([TABLE, TABLE]), TABLE + rows);
});

test('of a collection exactly the shown features are kept, with the head and no links', () => {
    const feature = (/** @type {string} */ id) => ({ type: 'Feature', id: `${id}-W30`, properties: { id } });
    const part = {
        type: 'FeatureCollection',
        week: '2010-W30',
        links: [{ rel: 'next' }],
        numberMatched: 2,
        numberReturned: 2,
        features: [feature('a'), feature('b')],
    };
    assert.deepEqual(onlyFeatures([part, { ...part, features: [feature('c')] }], new Set(['b', 'c'])), {
        type: 'FeatureCollection',
        week: '2010-W30',
        numberReturned: 2,
        features: [feature('b'), feature('c')],
    });
});

test('the name of a file tells the week and the filters', () => {
    assert.equal(fileName('2026-W44', NOTHING_CHOSEN, 'csv'), 'hotspots-2026-W44.csv');
    const view = { ...NOTHING_CHOSEN, theme: 'drug_nuisance', area: 'BU1,BU2', lifecycle: 'new', changed: true };
    assert.equal(fileName('2026-W44', view, 'geojson'), 'hotspots-2026-W44-drug_nuisance-BU1_BU2-new-changed.geojson');
});

test('the code for another page is markup that cannot be broken out of', () => {
    assert.equal(
        embedCode('http://here.test/?embed#week=2010-W30&lang=nl', 'A "town" <b>'),
        '<iframe src="http://here.test/?embed#week=2010-W30&amp;lang=nl" title="A &quot;town&quot; &lt;b&gt;" ' +
            'width="800" height="600" loading="lazy"></iframe>',
    );
});

test('the filters that are on are said in words', () => {
    const shown = /** @type {Shown} */ (
        /** @type {unknown} */ ({
            view: { ...NOTHING_CHOSEN, theme: 'drugs', area: 'BU1,WK9', lifecycle: 'new', changed: true },
            language: 'en',
            week: { ranking: { labels: { drugs: { nl: 'Drugs', en: 'Drug nuisance' } } } },
            areas: [{ properties: { code: 'BU1', name: 'Heer' } }],
            districts: [],
        })
    );
    assert.equal(filterWords(shown), 'Drug nuisance · Heer, WK9 · new · only what changed');
    assert.equal(filterWords({ ...shown, view: NOTHING_CHOSEN }), 'none, everything is shown');
});
