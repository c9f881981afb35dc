import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
    expectedCount,
    mondayOf,
    number,
    percentage,
    period,
    pValue,
    sundayOf,
    times,
    weekBefore,
} from '../../api/web/format.js';

test('numbers are written in the reader’s way', () => {
    assert.equal(number(12345.67, 'nl', 1), '12.345,7');
    assert.equal(number(12345.67, 'en', 1), '12,345.7');
    assert.equal(number(0, 'nl'), '0');
});

test('an expected count has a decimal only where it matters', () => {
    assert.equal(expectedCount(8.36, 'nl'), '8,4');
    assert.equal(expectedCount(83.6, 'en'), '84');
    assert.equal(expectedCount(0, 'en'), '0');
    assert.equal(expectedCount(0.004, 'nl'), '< 0,1');
    assert.equal(expectedCount(0.06, 'en'), '0.1');
    assert.equal(expectedCount(null, 'en'), '–');
});

test('times says how many times as many', () => {
    assert.equal(times(2.66, 'nl'), '2,7×');
    assert.equal(times(26.6, 'en'), '27×');
    assert.equal(times(null, 'en'), '–');
});

test('a share that is not nothing is not written as nothing', () => {
    assert.equal(percentage(0.745, 'en'), '75%');
    assert.equal(percentage(0.745, 'nl'), '75\u00a0%');
    assert.equal(percentage(0.004, 'en'), '< 1%');
    assert.equal(percentage(0, 'en'), '0%');
});

test('a p-value keeps two digits that count', () => {
    assert.equal(pValue(0.001, 'nl'), '0,001');
    assert.equal(pValue(0.04567, 'en'), '0.046');
    assert.equal(pValue(1e-6, 'en'), '< 0.001');
    assert.equal(pValue(0, 'nl'), '< 0,001');
});

test('a period names what differs', () => {
    assert.equal(period('2010-07-26', '2010-08-01', 'en'), '26 Jul – 1 Aug 2010');
    assert.equal(period('2010-07-26', '2010-08-01', 'nl'), '26 jul – 1 aug 2010');
});

test('an ISO week begins on its Monday, also around New Year', () => {
    assert.equal(mondayOf('2010-W30'), '2010-07-26');
    assert.equal(sundayOf('2010-W30'), '2010-08-01');
    assert.equal(mondayOf('2009-W53'), '2009-12-28');
    assert.equal(mondayOf('2010-W01'), '2010-01-04');
    assert.equal(mondayOf('2021-W01'), '2021-01-04');
    assert.equal(mondayOf('2026-W01'), '2025-12-29');
});

test('the week before is the one that ends the day before', () => {
    assert.equal(weekBefore('2010-W01'), '2009-W53');
    assert.equal(weekBefore('2021-W01'), '2020-W53');
    assert.equal(weekBefore('2022-W01'), '2021-W52');
    let week = '2030-W10';
    for (let step = 0; step < 1500; step += 1) {
        const before = weekBefore(week);
        assert.equal(Date.parse(mondayOf(week)) - Date.parse(mondayOf(before)), 7 * 86_400_000, week);
        week = before;
    }
});
