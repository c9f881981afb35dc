import assert from 'node:assert/strict';
import { test } from 'node:test';

import { around, orElse, Weeks } from '../../api/web/loading.js';
import { decoded } from '../../api/web/overview.js';
import { overview } from './weeks.js';

/** A service that answers when it is told to. */
function service() {
    /** @type {{name: string | null, answer: () => void}[]} */
    const asked = [];
    /** @type {import('../../api/web/loading.js').Ask} */
    const ask = (name, signal) =>
        new Promise((resolve, reject) => {
            signal?.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError')));
            asked.push({ name, answer: () => resolve(decoded({ ...overview(), week: name ?? '2010-W30' })) });
        });
    /** @type {(() => void)[]} */
    const idle = [];
    return { asked, weeks: new Weeks(ask, (act) => idle.push(act)), rest: () => idle.splice(0).forEach((act) => act()) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test('a week that was seen is not asked for again', async () => {
    const { asked, weeks } = service();
    const first = weeks.show('2010-W30');
    asked[0]?.answer();
    const seen = await first;
    assert.equal(await weeks.show('2010-W30'), seen);
    assert.equal(asked.length, 1);
});

test('a newer request gives up the older', async () => {
    const { asked, weeks } = service();
    const older = assert.rejects(weeks.show('2010-W29'), { name: 'AbortError' });
    const newer = weeks.show('2010-W30');
    asked[1]?.answer();
    assert.equal((await newer).ranking.week, '2010-W30');
    await older;
});

test('a week beside the shown one gives up nothing', async () => {
    const { asked, weeks } = service();
    const shown = weeks.show('2010-W30');
    const beside = weeks.read('2010-W29');
    for (const { answer } of asked) answer();
    assert.deepEqual([(await shown).ranking.week, (await beside).ranking.week], ['2010-W30', '2010-W29']);
});

test('the neighbours are fetched when there is nothing else to do, one at a time', async () => {
    const { asked, weeks, rest } = service();
    weeks.ahead(['2010-W29', '2010-W31']);
    assert.equal(asked.length, 0);
    rest();
    assert.deepEqual(asked.map(({ name }) => name), ['2010-W29']);
    asked[0]?.answer();
    await settled();
    assert.deepEqual(asked.map(({ name }) => name), ['2010-W29', '2010-W31']);
    // Whoever asks for a week does not wait for one that might be asked for.
    void weeks.show('2010-W20').catch(() => undefined);
    await settled();
    assert.equal(weeks.kept('2010-W31'), undefined);
    assert.notEqual(weeks.kept('2010-W29'), undefined);
});

test('no more weeks are kept than fit, and the one used last stays', async () => {
    const { asked, weeks } = service();
    for (let number = 1; number <= 17; number += 1) {
        const name = `2010-W${String(number).padStart(2, '0')}`;
        const reading = weeks.read(name);
        asked.at(-1)?.answer();
        await reading;
        weeks.kept('2010-W01');
    }
    assert.notEqual(weeks.kept('2010-W01'), undefined);
    assert.equal(weeks.kept('2010-W02'), undefined);
    assert.notEqual(weeks.kept('2010-W17'), undefined);
});

test('nothing is kept of what another reader was told, not even what was on its way', async () => {
    const { asked, weeks } = service();
    const before = weeks.read('2010-W30');
    weeks.forget();
    asked[0]?.answer();
    await before;
    assert.equal(weeks.kept('2010-W30'), undefined);
});

test('the weeks around the shown one are the ones asked for next', () => {
    const weeks = ['2010-W31', '2010-W30', '2010-W29', '2010-W28'];
    assert.deepEqual(around(weeks, '2010-W30'), ['2010-W29', '2010-W31', '2010-W28']);
    assert.deepEqual(around(weeks, '2010-W31'), ['2010-W30', '2010-W29']);
    assert.deepEqual(around(weeks, '1999-W01'), []);
});

test('what only adds to the page may be missing', async () => {
    assert.equal(await orElse(Promise.reject(new Error('no')), 'nothing'), 'nothing');
    assert.equal(await orElse(Promise.resolve('there'), 'nothing'), 'there');
});
