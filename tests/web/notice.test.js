import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Connection, pause_ms } from '../../api/web/notice/connection.js';
import { explain } from '../../api/web/notice/explain.js';
import { nearestWeek } from '../../api/web/notice/links.js';
import { Problem } from '../../api/web/problem.js';

/** @import {State} from '../../api/web/notice/connection.js' */

/** A connection of which time and network are in the test's hand. */
function connection() {
    /** @type {State[]} */
    const said = [];
    /** @type {(() => void)[]} */
    const planned = [];
    /** @type {number[]} */
    const pauses = [];
    const world = { network: true, service: true };
    const made = new Connection({
        change: (state) => said.push(state),
        probe: async () => {
            if (!world.service) throw new TypeError('failed to fetch');
        },
        later: (act, ms) => {
            pauses.push(ms);
            planned.push(act);
            return planned.length;
        },
        never: () => planned.splice(0),
        hasNetwork: () => world.network,
    });
    const turn = async () => {
        planned.shift()?.();
        await new Promise((resolve) => setImmediate(resolve));
    };
    return { made, said, pauses, planned, world, turn };
}

test('a service that goes away is asked for less and less often until it is back', async () => {
    const { made, said, pauses, planned, world, turn } = connection();
    world.service = false;
    made.reached(false);
    made.reached(false);
    await turn();
    await turn();
    assert.deepEqual(said, ['away'], 'it is said once');
    assert.deepEqual(pauses, [2000, 4000, 8000]);
    world.service = true;
    await turn();
    assert.deepEqual(said, ['away', 'reached']);
    assert.deepEqual(planned, [], 'nothing is asked any more');
});

test('a device without network says so, and goes on as soon as it has one', async () => {
    const { made, said, world } = connection();
    world.network = false;
    made.changed();
    assert.deepEqual(said, ['offline']);
    world.network = true;
    made.changed();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(said, ['offline', 'reached']);
});

test('the pauses grow up to a minute', () => {
    assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 1000].map(pause_ms), [2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000]);
});

test('what went wrong is told with what to do and what to report', () => {
    const broken = explain(new Problem(500, 'The service made a mistake.', { request: 'f00' }), 'en');
    assert.deepEqual(broken, {
        title: 'The service made a mistake',
        explanation: 'The service made a mistake.',
        reference: 'Reporting this? Then tell number f00.',
        retry_s: null,
    });
    assert.match(explain(new Problem(429, 'no', { retry_s: 30 }), 'nl').explanation, /Over 30 seconden/);
    assert.match(explain(new Problem(503, 'Busy.', { retry_s: 5 }), 'en').explanation, /^Busy\. In 5 seconds/);
    assert.match(explain(new TypeError('failed to fetch'), 'nl').explanation, /antwoordt niet/);
    for (const status of [400, 401, 403, 404, 418, 502]) {
        for (const language of /** @type {const} */ (['nl', 'en'])) {
            const { title, explanation } = explain(new Problem(status, 'said'), language);
            assert.ok(title !== '' && explanation !== '', String(status));
        }
    }
});

test('a week that is not published leads to the nearest that is', () => {
    const weeks = ['2026-W44', '2026-W40', '2026-W30', '2025-W52'];
    assert.equal(nearestWeek(weeks, '2026-W50'), '2026-W44');
    assert.equal(nearestWeek(weeks, '2026-W41'), '2026-W40');
    assert.equal(nearestWeek(weeks, '2026-W42'), '2026-W44', 'of two as close the later');
    assert.equal(nearestWeek(weeks, '2026-W01'), '2025-W52');
    assert.equal(nearestWeek([], '2026-W01'), null);
});
