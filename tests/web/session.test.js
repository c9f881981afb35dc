import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Problem } from '../../api/web/problem.js';
import { Keep, isSendable } from '../../api/web/session/keep.js';
import { seesTheSame } from '../../api/web/session/keeper.js';
import { leftOut } from '../../api/web/session/level.js';
import { facts, isAnybody, whoReads } from '../../api/web/session/session.js';
import { refusal } from '../../api/web/session/signin.js';

/** @import {Me} from '../../api/web/types.d.ts' */

/** @type {Me} */
const TEAM = Object.freeze({
    access: 'controlled',
    name: 'Team Zuid',
    role: 'area_team',
    level: 'internal',
    areas: [
        { code: 'BU1', name: 'Heer' },
        { code: 'BU2', name: 'Wyck' },
        { code: 'BU3', name: null },
    ],
    scopes: ['notes', 'read:internal'],
    purpose: 'analysis',
    expires_at: null,
    purposes: [{ code: 'analysis', label: { nl: 'Analyse', en: 'Analysis' } }],
});

/** A shelf in memory. */
function shelf() {
    /** @type {Map<string, string>} */
    const held = new Map();
    return {
        getItem: (/** @type {string} */ key) => held.get(key) ?? null,
        setItem: (/** @type {string} */ key, /** @type {string} */ value) => void held.set(key, value),
        removeItem: (/** @type {string} */ key) => void held.delete(key),
    };
}

test('a sign-in is kept until it is forgotten', () => {
    const own = shelf();
    const keep = new Keep(() => own);
    assert.equal(keep.read(), null);
    keep.write({ secret: 'abc', purpose: 'analysis' });
    assert.deepEqual(keep.read(), { secret: 'abc', purpose: 'analysis' });
    keep.write(null);
    assert.equal(keep.read(), null);
});

test('a browser that keeps nothing, and what others kept there, sign nobody in', () => {
    const forbidden = new Keep(() => {
        throw new DOMException('forbidden', 'SecurityError');
    });
    forbidden.write({ secret: 'abc', purpose: '' });
    assert.equal(forbidden.read(), null);
    for (const strange of ['{', '1', '[]', '{"secret": 1, "purpose": ""}', '{"secret": "a b", "purpose": ""}']) {
        const own = shelf();
        own.setItem('hotspot.session', strange);
        assert.equal(new Keep(() => own).read(), null, strange);
    }
});

test('only what fits in a header is sent as a key', () => {
    assert.ok(isSendable('hsk_0123_abc.DEF-~'));
    for (const text of ['', 'a b', 'sleutel\n', 'é', 'a'.repeat(8001)]) assert.ok(!isSendable(text));
});

test('who reads is said in words', () => {
    assert.equal(whoReads(TEAM, 'nl'), 'Gebiedsteam · Heer, Wyck, en 1 meer');
    assert.equal(whoReads({ ...TEAM, role: 'analyst', areas: null }, 'en'), 'Analyst');
    assert.equal(whoReads({ ...TEAM, role: 'something else', areas: null }, 'en'), 'something else');
    const said = Object.fromEntries(facts(TEAM, 'en'));
    assert.deepEqual(said, { Name: 'Team Zuid', Level: 'Internal level', Areas: 'Heer, Wyck, BU3', 'What for': 'Analysis' });
    assert.ok(isAnybody({ ...TEAM, role: 'anonymous' }));
});

test('what is left out is said below the internal level, and to a team that sees its own areas only', () => {
    const said = { nl: 'Alleen vanaf 5.', en: 'Only from 5 on.' };
    assert.deepEqual(leftOut({ level: 'open', said }, null, 'nl'), { title: 'Open niveau.', text: 'Alleen vanaf 5.' });
    assert.match(leftOut({ level: 'partner' }, null, 'en')?.text ?? '', /Not everything/);
    assert.match(leftOut({ level: 'internal' }, TEAM, 'en')?.text ?? '', /Heer, Wyck, BU3/);
    assert.equal(leftOut({ level: 'internal' }, { ...TEAM, areas: null }, 'en'), null);
    assert.equal(leftOut(null, null, 'en'), null);
});

test('why signing in failed is said in words', () => {
    assert.match(refusal(new Problem(401, 'no'), 'en'), /not accepted/);
    assert.match(refusal(new Problem(429, 'no', { retry_s: 12 }), 'nl'), /over 12 seconden/);
    assert.match(refusal(new Problem(400, 'purpose must be one of'), 'en'), /purpose must be one of/);
    assert.match(refusal(new TypeError('failed'), 'en'), /does not answer/);
});

test('signing in again as the same reader asks for nothing anew', () => {
    assert.ok(seesTheSame(TEAM, { ...TEAM, purpose: 'area_work', scopes: ['read:internal', 'notes'] }));
    assert.ok(!seesTheSame(TEAM, { ...TEAM, areas: null }));
    assert.ok(!seesTheSame(TEAM, { ...TEAM, level: 'open' }));
    assert.ok(!seesTheSame(TEAM, { ...TEAM, scopes: ['read:internal'] }));
});
