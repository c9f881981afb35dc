/** Weeks made by hand for the tests of the page. */

/** @import {Area, Feature, Overview, View} from '../../api/web/types.d.ts' */
import { NOTHING_CHOSEN } from '../../api/web/state.js';

/**
 * A week with two hotspots of drugs, one of them chronic and likely, and nothing of theft.
 *
 * @param {Record<string, readonly unknown[]>} [columns]
 * @returns {Overview}
 */
export function overview(columns = {}) {
    return {
        week: '2010-W30',
        window_start: '2010-06-28',
        window_end: '2010-07-25',
        edition: 1,
        published_at: '2010-07-26T06:00:00Z',
        municipality: { code: 'GM1', name: 'Town' },
        boundaries: { vintage: 2010, source: 'a test', schematic: true },
        parameters: {},
        labels: { drugs: { nl: 'Drugs', en: 'Drugs' } },
        themes: [outcome('theft', 'no_hotspots'), outcome('drugs', 'hotspots')],
        gone: [
            { id: 'hs-x', theme: 'drugs', kind: 'acute', rank: 3, neighbourhood_name: 'Wyck', event: 'ended', into: null },
            { id: 'hs-y', theme: 'theft', kind: 'acute', rank: 1, neighbourhood_name: 'Heer', event: 'ended', into: null },
        ],
        step_deg: 1e-5,
        origin_deg: [5.7, 50.85],
        words: {
            theme: ['theft', 'drugs'],
            kind: ['acute', 'chronic'],
            grade: ['confirmed', 'likely'],
            form: ['line'],
            event: ['new', 'continued'],
            lifecycle: ['new', 'persistent'],
        },
        areas: [['BU1', 'Wyck'], ['BU2', 'Heer'], ['WK1', null]],
        hotspots: {
            id: ['hs-a', 'hs-b'],
            theme: [1, 1],
            kind: [0, 1],
            grade: [0, 1],
            rank: [1, 2],
            previous_rank: [null, 2],
            rank_lower: [1, 1],
            rank_upper: [2, 4],
            observed: [12, 30],
            expected: [0.7, 11.2],
            relative_risk: [17.1, 2.7],
            form: [0, null],
            event: [0, 1],
            lifecycle: [0, 1],
            neighbourhood: [0, 1],
            neighbourhoods: [[0, 1], [1]],
            touches: [[0, 1, 2], [1]],
            peak: [[22, 3, [5, 6]], null],
            changed: [true, false],
            centroid: [[12, 7], [0, 0]],
            footprint: [[[[0, 0, 33, 20, 10, 10]]], [[[0, 0, 10, 0, 0, 10]]]],
            ...columns,
        },
    };
}

/**
 * @param {string} theme
 * @param {'hotspots' | 'no_hotspots'} state
 */
function outcome(theme, state) {
    return { theme, state, reason: null, window_incidents: 10, baseline_incidents: 100, window_weeks: 4 };
}

/** @type {readonly Feature<Area>[]} */
export const AREAS = Object.freeze([area('BU1', 'Wyck', 'WK1'), area('BU2', 'Heer', 'WK2'), area('BU3', 'Sint Pieter', 'WK2')]);

/**
 * @param {string} code
 * @param {string} name
 * @param {string} parent_code
 * @returns {Feature<Area>}
 */
function area(code, name, parent_code) {
    return {
        type: 'Feature',
        id: code,
        geometry: { type: 'Polygon', coordinates: [] },
        properties: { code, name, parent_code, vintage: 2010, schematic: true },
    };
}

/**
 * @param {Partial<View>} changes
 * @returns {View}
 */
export function viewOf(changes) {
    return { ...NOTHING_CHOSEN, ...changes };
}
