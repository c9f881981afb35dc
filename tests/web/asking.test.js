import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Asking } from '../../api/web/asking.js';
import { Problem, retryAfter } from '../../api/web/problem.js';

/** @import {Credentials} from '../../api/web/types.d.ts' */

const ADDRESS = new URL('http://here.test/v1/weeks');
/** @type {Credentials} */
const OLD = { secret: 'old', purpose: 'analysis' };
/** @type {Credentials} */
const NEW = { secret: 'new', purpose: 'analysis' };

const refusal = (/** @type {number} */ status, /** @type {Record<string, string>} */ headers = {}) =>
    new Response(JSON.stringify({ detail: `no: ${status}` }), {
        status,
        headers: { 'Content-Type': 'application/problem+json', ...headers },
    });

/** Asks a service that answers so; what was sent, how long was waited, and whether it was reached, are kept. */
function asking(/** @type {(how: RequestInit) => Response} */ answer, expired = () => Promise.resolve(false)) {
    /** @type {Record<string, string>[]} */
    const sent = [];
    /** @type {number[]} */
    const rests = [];
    /** @type {boolean[]} */
    const reached = [];
    const made = new Asking(
        async (_, how) => {
            sent.push(/** @type {Record<string, string>} */ (how.headers));
            return answer(how);
        },
        {
            expired,
            reached: (is) => reached.push(is),
            rest: async (ms) => {
                rests.push(ms);
            },
        },
    );
    return { made, sent, rests, reached };
}

const secretOf = (/** @type {RequestInit} */ how) =>
    /** @type {Record<string, string>} */ (how.headers)['Authorization'] ?? '';

test('everybody shows nothing; who signed in shows the key and the purpose', async () => {
    const { made, sent } = asking(() => new Response('{}'));
    await made.ask(ADDRESS);
    made.be(OLD);
    await made.ask(ADDRESS);
    assert.deepEqual(sent, [
        { Accept: 'application/json' },
        { Accept: 'application/json', Authorization: 'Bearer old', Purpose: 'analysis' },
    ]);
});

test('a sign-in that expires is renewed once for all requests, and each is asked again', async () => {
    let asked = 0;
    const { made, sent } = asking(
        (how) => (secretOf(how) === 'Bearer new' ? new Response('{}') : refusal(401)),
        async () => {
            asked += 1;
            made.be(NEW);
            return true;
        },
    );
    made.be(OLD);
    const answers = await Promise.all([made.ask(ADDRESS), made.ask(ADDRESS), made.ask(ADDRESS)]);
    assert.ok(answers.every(({ ok }) => ok));
    assert.equal(asked, 1);
    assert.equal(sent.length, 6);
});

test('who does not sign in again is told the refusal, and nobody else is asked to', async () => {
    const { made } = asking(() => refusal(401));
    await assert.rejects(made.ask(ADDRESS), { name: 'Problem', status: 401 });
    made.be(OLD);
    await assert.rejects(made.ask(ADDRESS), { name: 'Problem', status: 401 });
    const nobody = asking(() => refusal(401), () => assert.fail('nobody is signed in'));
    await assert.rejects(nobody.made.ask(ADDRESS), { status: 401 });
    nobody.made.be(OLD);
    await assert.rejects(nobody.made.askAs(ADDRESS, NEW), { status: 401 });
});

test('what is put off for a moment is waited for, what takes longer is told', async () => {
    let left = 2;
    const soon = asking(() => (left-- > 0 ? refusal(503, { 'Retry-After': '3' }) : new Response('{}')));
    await soon.made.ask(ADDRESS);
    assert.deepEqual(soon.rests, [3000, 3000]);
    const later = asking(() => refusal(429, { 'Retry-After': '60', 'X-Request-Id': 'abc' }));
    await assert.rejects(later.made.ask(ADDRESS), (error) => {
        assert.ok(error instanceof Problem);
        assert.deepEqual([error.status, error.retry_s, error.request, error.message], [429, 60, 'abc', 'no: 429']);
        return true;
    });
    assert.deepEqual(later.rests, []);
    const writing = asking(() => refusal(503, { 'Retry-After': '1' }));
    await assert.rejects(writing.made.ask(ADDRESS, { method: 'POST', body: {} }), { status: 503 });
    assert.deepEqual(writing.rests, [], 'what writes is never repeated');
});

test('a service that never comes round is given up', async () => {
    const { made, sent } = asking(() => refusal(503, { 'Retry-After': '1' }));
    await assert.rejects(made.ask(ADDRESS), { status: 503 });
    assert.equal(sent.length, 3);
});

test('whether the service is reached is told; a request that was given up tells nothing', async () => {
    const away = asking(() => {
        throw new TypeError('failed to fetch');
    });
    await assert.rejects(away.made.ask(ADDRESS), TypeError);
    assert.deepEqual(away.reached, [false]);
    const aborted = asking(() => {
        throw new DOMException('enough', 'AbortError');
    });
    await assert.rejects(aborted.made.ask(ADDRESS), { name: 'AbortError' });
    assert.deepEqual(aborted.reached, []);
    const refused = asking(() => refusal(404));
    await assert.rejects(refused.made.ask(ADDRESS), { status: 404 });
    assert.deepEqual(refused.reached, [true], 'a service that refuses is there');
});

test('when to ask again is read as seconds or as an instant', () => {
    const now_ms = Date.parse('2026-11-22T12:00:00Z');
    assert.equal(retryAfter('5', now_ms), 5);
    assert.equal(retryAfter('Sun, 22 Nov 2026 12:00:30 GMT', now_ms), 30);
    assert.equal(retryAfter('Sun, 22 Nov 2026 11:00:00 GMT', now_ms), 0);
    for (const none of [null, '', 'soon']) assert.equal(retryAfter(none, now_ms), null);
});
