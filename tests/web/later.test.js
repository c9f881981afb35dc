import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { Later, passOver } from '../../api/web/later.js';

/** @import {Part, Shown} from '../../api/web/types.d.ts' */

const week = (/** @type {string} */ name) => /** @type {Shown} */ (/** @type {unknown} */ (Object.freeze({ name })));

/** @param {Shown[]} told */
const part = (told) => Object.freeze({ show: (/** @type {Shown} */ shown) => void told.push(shown) });

test('a part is told what was shown while it was fetched, and only the newest', async () => {
    /** @type {Shown[]} */
    const told = [];
    /** @type {(made: Part) => void} */
    let arrive = () => undefined;
    const later = new Later(() => new Promise((resolve) => (arrive = resolve)));
    later.show(week('first'));
    const ready = later.ready();
    later.show(week('second'));
    assert.equal(later.now, null);
    arrive(part(told));
    await ready;
    later.show(week('third'));
    assert.deepEqual(told, [week('second'), week('third')]);
});

test('a part is fetched once, however often it is needed', async () => {
    let fetched = 0;
    const later = new Later(async () => {
        fetched += 1;
        return part([]);
    });
    assert.equal(await later.ready(), await later.ready());
    assert.equal(fetched, 1);
});

test('what could not be fetched is fetched again when it is needed again', async () => {
    let tries = 0;
    const later = new Later(async () => {
        tries += 1;
        if (tries === 1) throw new TypeError('no network');
        return part([]);
    });
    await assert.rejects(later.ready(), TypeError);
    await later.ready();
    assert.equal(tries, 2);
});

test('a part that could not be fetched is passed over, and a mistake in one is not', async () => {
    // What the part itself would try later is tried here.
    mock.timers.enable({ apis: ['setTimeout'] });
    /** @param {() => Promise<Part>} bring */
    const failing = async (bring) => {
        const later = new Later(bring);
        const error = later.ready().then(() => null, (/** @type {unknown} */ one) => one);
        later.show(week('first'));
        return error;
    };
    passOver(await failing(() => Promise.reject(new TypeError('no network'))));
    const unfit = new ReferenceError('a mistake while it is made');
    assert.equal(await failing(() => Promise.reject(unfit)), unfit);
    const mistake = new TypeError('null has no such property');
    const wrong = {
        show: () => {
            throw mistake;
        },
    };
    const heard = await failing(() => Promise.resolve(wrong));
    assert.equal(heard, mistake);
    assert.throws(() => passOver(heard), mistake);
    mock.timers.reset();
});
