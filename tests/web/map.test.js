import assert from 'node:assert/strict';
import { test } from 'node:test';

import { byKind, groups, labelOf, movement } from '../../api/web/groups.js';
import { borders } from '../../api/web/map/borders.js';
import { dashes } from '../../api/web/map/dashes.js';
import { areaAt } from '../../api/web/map/inside.js';
import { areaName } from '../../api/web/map/labels.js';
import { roundDistance } from '../../api/web/map/scale.js';
import { STRENGTHS, THEME_COLOURS, css, fillAlpha, strength, themeColour } from '../../api/web/style.js';

/** @import {Area, Feature, Hotspot, PolygonGeometry, Position, ThemeState, Week} from '../../api/web/types.d.ts' */

/**
 * @param {number} west_deg
 * @param {number} width_deg
 * @returns {PolygonGeometry}
 */
const square = (west_deg, width_deg) => ({
    type: 'Polygon',
    coordinates: [
        [
            [west_deg, 50],
            [west_deg + width_deg, 50],
            [west_deg + width_deg, 51],
            [west_deg, 51],
            [west_deg, 50],
        ],
    ],
});

/**
 * @param {string} name
 * @param {number} west_deg
 * @param {number} [width_deg]
 * @returns {Feature<Area>}
 */
const area = (name, west_deg, width_deg = 1) => ({
    type: 'Feature',
    id: name,
    geometry: square(west_deg, width_deg),
    properties: { code: name, name, vintage: 2010, schematic: false },
});

/**
 * @param {Partial<Hotspot>} changes
 * @returns {Hotspot}
 */
const hotspot = (changes) => ({
    id: 'h',
    theme: 'drugs',
    kind: 'acute',
    grade: 'confirmed',
    rank: 1,
    previous_rank: null,
    window_start: '2010-07-05',
    window_end: '2010-08-01',
    observed: 12,
    expected: 3,
    baseline: 40,
    relative_risk: 4,
    p_value: 0.01,
    recurrence_weeks: 100,
    places: 5,
    largest_pile_up: 2,
    pile_up: false,
    form: 'area',
    neighbourhood: 'BU01',
    neighbourhood_name: 'Wyck',
    neighbourhoods: [],
    subthemes: {},
    centroid: [5, 50],
    geometry: square(5, 1),
    ...changes,
});

/** @type {(theme: string, state?: ThemeState) => Week['ranking']['themes'][number]} */
const outcome = (theme, state = 'hotspots') => ({
    theme,
    state,
    reason: null,
    window_incidents: 100,
    baseline_incidents: 1000,
    window_weeks: 4,
});

/** @type {Week} */
const WEEK = {
    ranking: {
        week: '2010-W30',
        window_start: '2010-07-05',
        window_end: '2010-08-01',
        edition: 1,
        published_at: '2010-08-02T06:00:00Z',
        municipality: { code: 'GM0935', name: 'Maastricht' },
        boundaries: { vintage: 2024, source: 'drawn', schematic: true },
        parameters: {},
        themes: [outcome('violence', 'no_hotspots'), outcome('drugs')],
        labels: { drugs: { nl: 'Drugs (nl)', en: 'Drugs (en)' } },
    },
    hotspots: [hotspot({ id: 'second', rank: 2 }), hotspot({ id: 'first', rank: 1 })],
};

test('themes are in the order of their names, rows in that of their ranks', () => {
    const shown = groups(WEEK, null, 'en');
    assert.deepEqual(shown.map(({ label }) => label), ['Drugs (en)', 'Violence']);
    assert.deepEqual(shown[0]?.rows.map(({ sign, hotspot: { id } }) => [sign, id]), [['A1', 'first'], ['A2', 'second']]);
    assert.deepEqual(shown[1]?.rows, []);
});

test('a theme keeps its colour when it is the only one shown, and needs no letter', () => {
    const [all] = groups(WEEK, null, 'nl').slice(1);
    const [alone, ...others] = groups(WEEK, 'violence', 'nl');
    assert.deepEqual(others, []);
    assert.deepEqual(alone?.colour, all?.colour);
    assert.equal(alone?.letter, '');
    assert.equal(groups(WEEK, 'drugs', 'nl')[0]?.rows[0]?.sign, '1');
});

test('a name without a label is spelt with spaces', () => {
    assert.equal(labelOf('drug_nuisance', 'nl', undefined), 'Drug nuisance');
});

test('movement compares with the week before', () => {
    assert.equal(movement(hotspot({ rank: 2, previous_rank: null })), 'new');
    assert.equal(movement(hotspot({ rank: 2, previous_rank: 3 })), 'up');
    assert.equal(movement(hotspot({ rank: 2, previous_rank: 1 })), 'down');
    assert.equal(movement(hotspot({ rank: 2, previous_rank: 2 })), 'same');
});

test('what was listed before, but not last week, is back', () => {
    assert.equal(movement(hotspot({ rank: 2, previous_rank: null, event: 'returned' })), 'back');
    assert.equal(movement(hotspot({ rank: 2, previous_rank: null, event: 'split' })), 'new');
    assert.equal(movement(hotspot({ rank: 2, previous_rank: 3, event: 'merged' })), 'up');
    assert.equal(movement(hotspot({ kind: 'chronic', previous_rank: null, event: 'returned' })), 'back');
});

test('of a chronic hotspot it is only said whether it is new', () => {
    assert.equal(movement(hotspot({ kind: 'chronic', rank: 4, previous_rank: null })), 'new');
    assert.equal(movement(hotspot({ kind: 'chronic', rank: 4, previous_rank: 2 })), 'lasting');
});

test('rows are grouped by kind, acute first, and a kind without rows has no group', () => {
    const colour = themeColour(0);
    const row = (/** @type {Hotspot['kind']} */ kind) => ({ hotspot: hotspot({ kind }), sign: '1', colour });
    assert.deepEqual(
        byKind([row('chronic'), row('acute'), row('chronic')]).map(({ kind, rows }) => [kind, rows.length]),
        [['acute', 1], ['chronic', 2]],
    );
    assert.deepEqual(byKind([]), []);
});

test('a dashed outline is half of the outline, in as many dashes as are asked for', () => {
    const ring = [[5, 0], [5.004, 0], [5.004, 0.001], [5, 0.001], [5, 0]];
    const length = (/** @type {readonly (readonly Position[])[]} */ pieces) =>
        pieces.reduce((sum, [[x = 0, y = 0] = [], [u = 0, v = 0] = []]) => sum + Math.hypot(u - x, v - y), 0);
    const pieces = dashes(ring, 5);
    assert.ok(Math.abs(length(pieces) - 0.005) < 1e-9);
    // A dash that goes round a corner has a piece on either side of it.
    const joined = pieces.filter(([from], place) => String(from) === String(pieces[place - 1]?.[1])).length;
    assert.equal(pieces.length - joined, 5);
    assert.deepEqual(pieces[0]?.[0], [5, 0]);
    assert.deepEqual(dashes([[5, 50], [5, 50]], 3), []);
});

test('a likely hotspot is drawn lighter than a confirmed one of the same strength', () => {
    for (const relative_risk of [1, 3, 9, null]) {
        assert.ok(fillAlpha({ relative_risk, grade: 'likely' }) < fillAlpha({ relative_risk, grade: 'confirmed' }) / 2);
    }
});

test('a border that two areas share is drawn once', () => {
    const { shared, outline } = borders([area('west', 5), area('east', 6)]);
    assert.equal(shared.length, 1);
    assert.equal(outline.length, 6);
    assert.deepEqual([...(shared.attributes['getSourcePosition']?.value ?? [])], [6, 50]);
    assert.deepEqual([...(shared.attributes['getTargetPosition']?.value ?? [])], [6, 51]);
});

test('a position lies in one area at the most', () => {
    const areas = [area('west', 5), area('east', 6)];
    assert.equal(areaAt(areas, [5.5, 50.5])?.id, 'west');
    assert.equal(areaAt(areas, [6, 50.5])?.id, 'east');
    assert.equal(areaAt(areas, [7.5, 50.5]), undefined);
    assert.equal(areaAt(areas, []), undefined);
});

test('a hole is not inside', () => {
    const hole = /** @type {Position[]} */ ([[5.4, 50.4], [5.6, 50.4], [5.6, 50.6], [5.4, 50.6], [5.4, 50.4]]);
    const holed = area('holed', 5);
    const made = { ...holed, geometry: { .../** @type {PolygonGeometry} */ (holed.geometry) } };
    const areas = [{ ...made, geometry: { ...made.geometry, coordinates: [...made.geometry.coordinates, hole] } }];
    assert.equal(areaAt(areas, [5.5, 50.5]), undefined);
    assert.equal(areaAt(areas, [5.2, 50.5])?.id, 'holed');
});

test('a name stands inside its area, and appears where there is room for it', () => {
    const wide = areaName(area('Wyck', 5, 2));
    assert.deepEqual(wide.position, [6, 50.5]);
    const narrow = areaName(area('Wyck', 5, 1));
    assert.ok(Math.abs(narrow.fromZoom - wide.fromZoom - 1) < 1e-9, 'half the width needs one zoom level more');
    assert.ok(areaName(area('Boschstraatkwartier', 5)).fromZoom > narrow.fromZoom);
});

test('the scale bar is a round distance that fits', () => {
    for (let zoom = 5; zoom < 19; zoom += 0.37) {
        const { distance_m, width_px } = roundDistance({ lon_deg: 5.7, lat_deg: 50.85, zoom });
        assert.match(String(distance_m), /^(0\.)?0*[125]0*$/);
        assert.ok(width_px > 96 / 2.51 && width_px <= 96, `${zoom}: ${width_px}`);
    }
});

test('a stronger hotspot is drawn more strongly', () => {
    assert.equal(strength(1.2), STRENGTHS[0]);
    assert.equal(strength(2), STRENGTHS[1]);
    assert.equal(strength(400), STRENGTHS[2]);
    assert.equal(strength(null), STRENGTHS[2], 'nothing was expected at all');
    const [weak, middle, strong] = STRENGTHS;
    assert.ok(weak && middle && strong);
    assert.ok(weak.fillAlpha < middle.fillAlpha && middle.fillAlpha < strong.fillAlpha);
    assert.ok(weak.line_px < middle.line_px && middle.line_px < strong.line_px);
});

test('white figures can be read on every theme’s colour', () => {
    const linear = (/** @type {number} */ part) =>
        part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4;
    for (const [red, green, blue] of THEME_COLOURS) {
        const luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
        assert.ok(1.05 / (luminance + 0.05) >= 4.5, `${red} ${green} ${blue}`);
    }
});

test('more themes than colours begin again', () => {
    assert.equal(themeColour(THEME_COLOURS.length), themeColour(0));
    assert.equal(css([1, 2, 3], 51), 'rgb(1 2 3 / 0.200)');
});
