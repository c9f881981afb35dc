import assert from 'node:assert/strict';
import { test } from 'node:test';

import { begun, EMPTY, isKept, isTyped, mayFollow, mistakes, note, STEPS } from '../../api/web/notes/draft.js';
import { Drafts, parsed } from '../../api/web/notes/drafts.js';
import { mayNote } from '../../api/web/notes/notes.js';
import { age, openAction } from '../../api/web/notes/standing.js';

/** @import {Action, Draft} from '../../api/web/panel/types.js' */
/** @import {Me} from '../../api/web/types.d.ts' */

/** @type {Draft} */
const ACTING = { ...EMPTY, acts: true, what: 'Patrol', who: 'area team', due: '2026-12-04', status: 'agreed' };
/** @type {Action} */
const AGREED = { what: 'Patrol', who: 'area team', due: '2026-12-04', status: 'agreed' };

const why = (/** @type {Draft} */ draft, /** @type {Action | null} */ earlier = null) =>
    mistakes(draft, earlier).map((mistake) => `${mistake.field} ${mistake.why}`);

test('a note needs words or an action', () => {
    assert.deepEqual(why(EMPTY), ['text empty']);
    assert.deepEqual(why({ ...EMPTY, text: ' \n ' }), ['text empty']);
    assert.deepEqual(why({ ...EMPTY, text: 'Seen' }), []);
    assert.deepEqual(why({ ...EMPTY, verdict: 'confirmed' }), ['text empty']);
    assert.deepEqual(why(ACTING), []);
});

test('an action says what is done and by whom', () => {
    assert.deepEqual(why({ ...ACTING, what: '', who: ' ' }), ['what empty', 'who empty']);
    assert.deepEqual(why({ ...ACTING, who: 'x'.repeat(101) }), ['who long']);
    assert.deepEqual(why({ ...ACTING, due: '2026-02-30' }), ['due date']);
    assert.deepEqual(why({ ...ACTING, due: '' }), []);
});

test('texts are measured in characters as the service does, and hold no control characters', () => {
    assert.deepEqual(why({ ...EMPTY, text: '😀'.repeat(2000) }), []);
    assert.deepEqual(why({ ...EMPTY, text: 'x'.repeat(2001) }), ['text long']);
    assert.deepEqual(why({ ...EMPTY, text: 'one\ntwo\tthree' }), []);
    assert.deepEqual(why({ ...EMPTY, text: 'bell\u0007' }), ['text control']);
    assert.deepEqual(why({ ...ACTING, text: '😀'.repeat(2000), what: '😀'.repeat(2000), who: '😀'.repeat(100) }), ['whole large']);
});

test('an action goes forward only, or from closed to the start', () => {
    for (const [before, from] of STEPS.entries()) {
        for (const [after, to] of STEPS.entries()) {
            assert.equal(mayFollow(from, to), after >= before || (from === 'closed' && to === 'signalled'), `${from} ${to}`);
        }
    }
    assert.deepEqual(why({ ...ACTING, status: 'signalled' }, AGREED), ['status back']);
    assert.deepEqual(why({ ...ACTING, acts: false, status: 'signalled', text: 'Seen' }, AGREED), []);
});

test('what is sent is what the service takes', () => {
    assert.deepEqual(note(ACTING), { verdict: null, text: '', action: AGREED });
    assert.deepEqual(note({ ...EMPTY, text: ' Seen ' }), { verdict: 'remark', text: 'Seen', action: null });
    assert.deepEqual(note({ ...ACTING, verdict: 'rejected', due: '' }).action?.due, null);
});

test('a draft begins with the action as it stands, unless that is closed', () => {
    assert.equal(begun(null), EMPTY);
    assert.equal(begun({ ...AGREED, status: 'closed' }), EMPTY);
    assert.deepEqual([begun(AGREED).what, begun(AGREED).status, begun(AGREED).acts], ['Patrol', 'agreed', false]);
    assert.equal(isTyped(begun(AGREED)), false);
});

test('drafts are kept by hotspot, also where the browser keeps nothing', () => {
    /** @type {Map<string, string>} */
    const kept = new Map();
    const storage = {
        getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
        setItem: (/** @type {string} */ key, /** @type {string} */ text) => void kept.set(key, text),
        removeItem: (/** @type {string} */ key) => void kept.delete(key),
    };
    new Drafts(storage).keep('hs-a', ACTING);
    assert.deepEqual(new Drafts(storage).read('hs-a'), ACTING);
    assert.equal(new Drafts(storage).read('hs-b'), null);
    new Drafts(storage).drop('hs-a');
    assert.equal(kept.size, 0);
    const refusing = () => {
        throw new DOMException('', 'QuotaExceededError');
    };
    for (const forbidden of [null, { getItem: refusing, setItem: refusing, removeItem: refusing }]) {
        const drafts = new Drafts(forbidden);
        drafts.keep('hs-a', ACTING);
        assert.deepEqual(drafts.read('hs-a'), ACTING);
        drafts.drop('hs-a');
        assert.equal(drafts.read('hs-a'), null);
    }
});

test('whatever stands in the storage is a draft or none', () => {
    for (const text of [null, '', '{', 'null', '3', '"x"']) assert.equal(parsed(text), null);
    assert.deepEqual(parsed('[]'), EMPTY);
    assert.deepEqual(parsed('{"verdict":"x","text":4,"acts":"yes","status":"gone"}'), EMPTY);
});

test('a note that was kept though nothing was heard of it is not sent again', () => {
    const sent = note(ACTING);
    const kept = { ...sent, author: 'area team', written_at: '2026-11-20T10:00:00Z' };
    const dossier = { hotspot_id: 'hs-a', verdict: null, action: AGREED, notes: [kept] };
    assert.equal(isKept(dossier, sent, 0), true);
    // The same was written before: this one is new.
    assert.equal(isKept(dossier, sent, 1), false);
    assert.equal(isKept(dossier, { ...sent, text: 'else' }, 0), false);
});

test('an open action ages from when it was begun, anew after it was closed', () => {
    const noted = (/** @type {string} */ written_at, /** @type {Action | null} */ action) => ({
        ...{ verdict: null, text: 'x', author: 'team', written_at, action },
    });
    const now = Date.parse('2026-12-10T12:00:00Z');
    const notes = [
        noted('2026-10-01T08:00:00Z', AGREED),
        noted('2026-10-20T08:00:00Z', { ...AGREED, status: 'closed' }),
        noted('2026-11-10T08:00:00Z', { ...AGREED, status: 'signalled' }),
        noted('2026-11-12T08:00:00Z', null),
        noted('2026-11-30T08:00:00Z', AGREED),
    ];
    const dossier = { hotspot_id: 'hs-a', verdict: null, action: AGREED, notes };
    const open = openAction(dossier, now);
    assert.deepEqual([open?.days, open?.late_days], [30, 6]);
    assert.equal(openAction({ ...dossier, action: { ...AGREED, status: 'closed' } }, now), null);
    assert.equal(openAction({ ...dossier, action: null }, now), null);
    // The whole of the last day is in time.
    assert.equal(openAction(dossier, Date.parse('2026-12-04T23:59:00Z'))?.late_days, 0);
    assert.deepEqual(
        [{ days: 1, late_days: 0 }, { days: 28, late_days: 0 }, { days: 1, late_days: 1 }].map(age),
        ['fresh', 'old', 'late'],
    );
});

test('notes are for who has their scope at the internal level', () => {
    /** @type {Me} */
    const local = {
        ...{ access: 'local', name: 'local', role: 'local', level: 'internal', areas: null },
        ...{ scopes: ['notes'], purpose: null, expires_at: null, purposes: [] },
    };
    assert.equal(mayNote(local), true);
    assert.equal(mayNote({ ...local, scopes: [] }), false);
    assert.equal(mayNote({ ...local, level: 'partner' }), false);
    assert.equal(mayNote(null), false);
});
