import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import { Pace } from '../../api/web/map/pace.js';

const FRAME_MS = 16;
/** @type {number[]} */
let drawn = [];
let now_ms = 0;

/** @param {number} ms */
function pass(ms) {
    for (let step = 0; step < ms; step += 1) {
        now_ms += 1;
        mock.timers.tick(1);
    }
}

beforeEach(() => {
    drawn = [];
    now_ms = 0;
    mock.timers.enable({ apis: ['setTimeout'] });
    mock.method(performance, 'now', () => now_ms);
    Object.assign(globalThis, { requestAnimationFrame: (/** @type {() => void} */ act) => setTimeout(act, FRAME_MS) });
});

afterEach(() => {
    mock.restoreAll();
    mock.timers.reset();
    Reflect.deleteProperty(globalThis, 'requestAnimationFrame');
});

/**
 * @param {number} took_ms how long a drawing keeps the page
 * @param {boolean} [isAnew]
 */
const pace = (took_ms, isAnew = true) =>
    new Pace(
        () => {},
        () => {
            drawn.push(now_ms);
            now_ms += took_ms;
            return isAnew;
        },
    );

test('what is asked for before it is drawn is drawn as one, after the next frame', () => {
    const made = pace(0);
    for (let times = 0; times < 5; times += 1) made.ask();
    assert.deepEqual(drawn, []);
    pass(100);
    assert.equal(drawn.length, 1);
    assert.ok((drawn[0] ?? 0) >= FRAME_MS);
    made.ask();
    pass(100);
    assert.equal(drawn.length, 2);
});

test('where drawing takes long it takes no more than half of the time', () => {
    const made = pace(300);
    for (let ms = 0; ms < 3000; ms += 10) {
        made.ask();
        pass(10);
    }
    const apart = drawn.slice(1).map((at, place) => at - (drawn[place] ?? 0));
    assert.ok(apart.length > 2 && apart.every((ms) => ms >= 600), `${apart}`);
});

test('however long a drawing took, the next does not wait for more than a second', () => {
    const made = pace(10_000);
    made.ask();
    pass(100);
    made.ask();
    pass(1100);
    assert.equal(drawn.length, 2);
});

test('what was not drawn anew took no time', () => {
    const made = pace(500, false);
    made.ask();
    pass(50);
    made.ask();
    pass(50);
    assert.equal(drawn.length, 2);
});

test('a drawing is made ready in a task of its own', () => {
    /** @type {string[]} */
    const done = [];
    const made = new Pace(
        () => {
            done.push('ready');
            setTimeout(() => done.push('an answer'));
        },
        () => done.push('drawn') > 0,
    );
    made.ask();
    pass(50);
    assert.deepEqual(done, ['ready', 'an answer', 'drawn']);
    made.ask();
    made.ask();
    pass(1000);
    assert.equal(done.filter((one) => one === 'drawn').length, 2);
});
