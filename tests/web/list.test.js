import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { areaGroups, areaLabel } from '../../api/web/filters/areas.js';
import { decoded } from '../../api/web/overview.js';
import { dayRanges, peakText } from '../../api/web/ranking/peak.js';
import { share } from '../../api/web/ranking/row.js';
import { find, plain } from '../../api/web/search/find.js';
import { selected } from '../../api/web/selection.js';
import { readersLanguage } from '../../api/web/state.js';
import { Player } from '../../api/web/weeks/player.js';
import { marks } from '../../api/web/weeks/ticks.js';
import { AREAS, overview, viewOf } from './weeks.js';

/** @import {Me, View} from '../../api/web/types.d.ts' */

const districts = [{ code: 'WK1', name: 'Centrum' }, { code: 'WK2', name: 'Buitenwijk Zuid' }];
const neighbourhoods = AREAS.map(({ properties }) => properties);
const entries = [...selected(decoded(overview()), viewOf({}), { language: 'en', areas: AREAS }).all.values()];
const search = (/** @type {string} */ text) =>
    find(text, { neighbourhoods, districts, entries }).map(({ kind, id }) => `${kind} ${id}`);

test('a few letters find areas before the hotspots in them', () => {
    assert.deepEqual(search('wy'), ['neighbourhood BU1', 'hotspot hs-a']);
    assert.deepEqual(search('zuid'), ['district WK2']);
    assert.deepEqual(search('sint-p'), ['neighbourhood BU3']);
    assert.deepEqual(search('BU2'), ['neighbourhood BU2']);
});

test('a hotspot is found by its sign and by its id', () => {
    assert.deepEqual(search('A1'), ['hotspot hs-a']);
    assert.deepEqual(search('hs-b'), ['hotspot hs-b']);
});

test('nothing is found by nothing, and what is not there is not found', () => {
    assert.deepEqual(search('  '), []);
    assert.deepEqual(search('atlantis'), []);
});

test('accents, capitals and hyphens do not matter', () => {
    assert.equal(plain('  Belvédère'), plain('BELVEDERE'));
    assert.equal(plain('Oud-Caberg'), plain('oud caberg'));
});

test('hours are told in the way of the reader, days in ranges that go on over Sunday', () => {
    assert.equal(peakText([22, 3, [5, 6]], 'en'), 'Fri, Sat 22:00–1:00');
    assert.equal(peakText([22, 3, [5, 6, 7, 1]], 'nl'), 'vr–ma 22–1 uur');
    assert.equal(peakText([8, 4, null], 'en'), '8:00–12:00');
    assert.equal(dayRanges([1, 3, 4, 5], 'en'), 'Mon, Wed–Fri');
    assert.equal(dayRanges([1, 2, 3, 4, 5, 6, 7], 'en'), 'Mon–Sun');
    assert.equal(dayRanges([], 'en'), '');
});

test('a place lies on the scale from the first to the last', () => {
    assert.deepEqual([share(1, 5), share(3, 5), share(5, 5)], [0, 0.5, 1]);
    assert.deepEqual([share(1, 1), share(9, 5), share(0, 5)], [0, 1, 0]);
});

test('my areas come first, and a link with those of a colleague says how many they are', () => {
    const me = /** @type {Me} */ (/** @type {unknown} */ ({ areas: [{ code: 'BU2', name: 'Heer' }, { code: 'BU1', name: 'Wyck' }] }));
    /** @param {Partial<View>} view @param {Me | null} who */
    const known = (view, who) => ({ areas: AREAS, districts, me: who, language: /** @type {const} */ ('en'), view: viewOf(view) });
    assert.deepEqual(areaGroups(known({}, me))[0]?.options.map(({ text }) => text), ['My areas', 'Whole municipality']);
    assert.equal(areaLabel(known({ area: 'BU1,BU2' }, me)), 'My areas');
    assert.equal(areaLabel(known({ area: 'BU1,BU2' }, null)), '2 areas');
    assert.deepEqual(areaGroups(known({ area: 'BU1,BU2' }, null))[0]?.options.at(-1), { value: 'BU1,BU2', text: '2 areas' });
    assert.equal(areaLabel(known({ area: 'WK2' }, null)), 'Buitenwijk Zuid');
    assert.equal(areaLabel(known({ area: 'gone' }, null)), 'gone');
});

test('few weeks have their numbers, many their months, many more their years', () => {
    const weeks = (/** @type {number} */ many) =>
        Array.from({ length: many }, (_, place) => `${2010 + Math.floor(place / 52)}-W${String((place % 52) + 1).padStart(2, '0')}`);
    assert.deepEqual(marks(weeks(3), 'en').map(({ text }) => text), ['1', '2', '3']);
    assert.ok(marks(weeks(52), 'en').some(({ text }) => text === 'Jul'));
    for (const many of [52, 104, 260, 520]) assert.ok(marks(weeks(many), 'nl').length <= 12, String(many));
    assert.ok(marks(weeks(260), 'en').some(({ text }) => text === '2012'));
});

test('the weeks are played one at a time, each after the one before is there, and stop at the end', () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    let left = 2;
    let calm = false;
    const player = new Player(
        () => {
            left -= 1;
            return left >= 0;
        },
        () => calm,
    );
    player.play();
    assert.equal(left, 1);
    mock.timers.tick(60_000);
    assert.equal(left, 1, 'the week is still on its way');
    player.arrived();
    calm = true;
    mock.timers.tick(1400);
    assert.equal(left, 0);
    player.arrived();
    mock.timers.tick(1400);
    assert.equal(left, 0, 'less movement was asked for');
    mock.timers.tick(1600);
    assert.equal(player.isPlaying, false);
    player.arrived();
    mock.timers.tick(60_000);
    assert.equal(left, -1);
    mock.timers.reset();
});

test('a reader is spoken to in the language of last time, or in the first that the page knows', () => {
    assert.equal(readersLanguage('nl', ['en-GB']), 'nl');
    assert.equal(readersLanguage(null, ['de-DE', 'nl-BE', 'en']), 'nl');
    assert.equal(readersLanguage('xx', ['EN-us']), 'en');
    assert.equal(readersLanguage(null, ['fr']), 'en');
});
