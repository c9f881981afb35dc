import assert from 'node:assert/strict';
import { test } from 'node:test';

import { compass, shift } from '../../api/web/panel/change.js';
import { shaded } from '../../api/web/panel/course.js';
import { recurrence } from '../../api/web/panel/evidence.js';
import { Details } from '../../api/web/panel/reading.js';
import { at, interval, ticks } from '../../api/web/panel/scale.js';
import { clock } from '../../api/web/hours/hours.js';
import { dayOf, weekdays, weeksUpTo } from '../../api/web/format.js';

/** @import {Change, Detail} from '../../api/web/panel/types.js' */

test('a bearing is one of eight directions', () => {
    assert.deepEqual([0, 22, 23, 90, 180, 270, 337, 338, 360].map(compass), [0, 0, 1, 2, 4, 6, 7, 0, 0]);
});

test('a place moves so far and in a direction, or not', () => {
    const moved = (/** @type {number} */ shift_m, /** @type {number | null} */ shift_bearing_deg) =>
        shift(/** @type {Change} */ ({ shift_m, shift_bearing_deg }), 'en');
    assert.equal(moved(146, 91), '150\u00a0m east');
    assert.equal(moved(19.9, 91), 'not moved');
    assert.equal(moved(0, null), 'not moved');
});

test('the window is the last weeks, or all that is shown', () => {
    assert.deepEqual(shaded(52, 4), [48, 51]);
    assert.deepEqual(shaded(52, 56), [0, 51]);
});

test('numbers lie where they belong on their line, and never beside it', () => {
    const scale = { most: 10, width: 300 };
    assert.deepEqual([0, 5, 10, 99].map((value) => at(value, scale)), [0, 150, 300, 300]);
    assert.deepEqual(interval(2, 4, scale), { left: 60, right: 120 });
});

test('one is always written under the line, and nothing on top of it', () => {
    for (const most of [1.06, 1.5, 2.4, 6, 15, 40, 130]) {
        const found = ticks(most);
        assert.ok(found.includes(1) && found.length <= 5, String(found));
        for (const [place, value] of found.entries()) {
            assert.ok(value <= most && (place === 0 || value - (found[place - 1] ?? 0) > most * 0.1), `${most}: ${found}`);
        }
    }
});

test('how seldom chance brings it is said in weeks or years', () => {
    assert.equal(recurrence(0.5, 'en'), 'by chance once in 26 weeks');
    assert.equal(recurrence(19.2, 'en'), 'by chance once in 19 years');
    assert.equal(recurrence(34_911, 'nl'), 'door toeval minder dan eens in de 100 jaar');
});

test('hours, days and weeks are named', () => {
    assert.deepEqual([0, 9, 24].map(clock), ['00:00', '09:00', '00:00']);
    assert.deepEqual(weekdays('nl', 'short'), ['ma', 'di', 'wo', 'do', 'vr', 'za', 'zo']);
    assert.equal(weekdays('en', 'long')[6], 'Sunday');
    assert.equal(dayOf('2026-12-04', 'en'), '4 Dec 2026');
    assert.deepEqual(weeksUpTo('2021-W01', 3), ['2020-W52', '2020-W53', '2021-W01']);
    assert.equal(weeksUpTo('2026-W44', 52)[0], '2025-W45');
});

test('evidence is asked for once, and a newer question gives up the older', async () => {
    /** @type {{week: string, signal: AbortSignal}[]} */
    const asked = [];
    const details = new Details(async (id, week, signal) => {
        asked.push({ week, signal });
        await new Promise((resolve) => setTimeout(resolve, 5));
        signal.throwIfAborted();
        return /** @type {Detail} */ (/** @type {unknown} */ ({ id }));
    });
    const older = details.read('hs-a', '2010-W29', '2010-W29/1');
    const newer = details.read('hs-a', '2010-W30', '2010-W30/1');
    await assert.rejects(older, { name: 'AbortError' });
    const told = await newer;
    assert.equal(await details.read('hs-a', '2010-W30', '2010-W30/1'), told);
    assert.equal(asked.length, 2);
    // A corrected week is another, and another reader may be told more.
    await details.read('hs-a', '2010-W30', '2010-W30/2');
    details.forget();
    await details.read('hs-a', '2010-W30', '2010-W30/1');
    assert.equal(asked.length, 4);
});
