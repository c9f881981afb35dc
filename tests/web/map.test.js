import assert from 'node:assert/strict';
import { test } from 'node:test';

import { byKind, groups, labelOf, movement } from '../../api/web/groups.js';
import { borders } from '../../api/web/map/borders.js';
import { areaAt } from '../../api/web/map/inside.js';
import { areaName, labels } from '../../api/web/map/labels.js';
import { placeOf, toGround, world } from '../../api/web/map/mercator.js';
import { pointed } from '../../api/web/map/pointed.js';
import { Ribbons } from '../../api/web/map/ribbons.js';
import { aside, roomy } from '../../api/web/map/room.js';
import { Kept, LayerStock } from '../../api/web/map/stock.js';
import { roundDistance } from '../../api/web/map/scale.js';
import { Scene } from '../../api/web/map/scene.js';
import { zoomed } from '../../api/web/map/sketch.js';
import { STRENGTHS, THEME_COLOURS, css, fillAlpha, strength, themeColour } from '../../api/web/style.js';

/** @import {Area, Camera, Feature, Hotspot, PolygonGeometry, Position, ThemeState, Week} from '../../api/web/types.d.ts' */

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
    properties: { code: name, name, parent_code: null, vintage: 2010, schematic: false },
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
    rank_lower: null,
    rank_upper: null,
    tie: null,
    window_start: '2010-07-05',
    window_end: '2010-08-01',
    observed: 12,
    previous_observed: null,
    expected: 3,
    relative_risk: 4,
    relative_risk_lower: null,
    relative_risk_upper: null,
    pile_up: false,
    form: 'area',
    event: null,
    lifecycle: null,
    weeks_listed: null,
    too_little_data: false,
    caveats: [],
    neighbourhood: 'BU01',
    neighbourhood_name: 'Wyck',
    neighbourhoods: [],
    touches: [],
    peak: null,
    changed: false,
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

/**
 * Area of the triangles of a mesh, in square pixels of a zoom level.
 *
 * @param {import('../../api/web/map/ribbons.js').Mesh} mesh
 * @param {number} zoom
 */
const area_px2 = ({ attributes: { getPolygon, indices } }, zoom) => {
    const positions = getPolygon?.value ?? [];
    const corners = [...(indices?.value ?? [])].map((vertex) => {
        const [x, y] = world([positions[2 * vertex] ?? 0, positions[2 * vertex + 1] ?? 0]);
        return [x * 2 ** zoom, y * 2 ** zoom];
    });
    let sum = 0;
    for (let place = 0; place < corners.length; place += 3) {
        const [[ax = 0, ay = 0] = [], [bx = 0, by = 0] = [], [cx = 0, cy = 0] = []] = corners.slice(place, place + 3);
        sum += Math.abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2;
    }
    return sum;
};

/** A square of 100 by 100 pixels at zoom level 15. @type {Position[]} */
const HUNDRED = [[200, 200], [300, 200], [300, 300], [200, 300], [200, 200]].map((pixel) =>
    toGround([pixel[0] ?? 0, pixel[1] ?? 0], { lon_deg: 5.7, lat_deg: 50.85, zoom: 15 }, { width: 500, height: 500 }),
);

test('an outline is so many pixels wide at its zoom level', () => {
    const ribbons = new Ribbons(15);
    ribbons.ring(HUNDRED, 4, [1, 2, 3]);
    const mesh = ribbons.mesh();
    assert.ok(Math.abs(area_px2(mesh, 15) - 4 * 400) < 4, `${area_px2(mesh, 15)}`);
    assert.deepEqual([...(mesh.attributes['getFillColor']?.value ?? [])].slice(0, 4), [1, 2, 3, 255]);
});

test('a dashed outline is half of the outline, in as many dashes as are asked for', () => {
    const ribbons = new Ribbons(15);
    ribbons.dashed(HUNDRED, 8, 2, [0, 0, 0]);
    const mesh = ribbons.mesh();
    assert.ok(Math.abs(area_px2(mesh, 15) - 2 * 200) < 2);
    // Eight dashes of 25 pixels begin at a corner or in the middle of a side: none goes round a corner.
    assert.equal(mesh.attributes['indices']?.value.length, 8 * 6);
    const nothing = new Ribbons(15);
    nothing.dashed([[5, 50], [5, 50]], 3, 2, [0, 0, 0]);
    assert.equal(nothing.mesh().attributes['indices']?.value.length, 0);
});

test('what is too small to be seen has no outline, whatever is drawn of it besides', () => {
    const ribbons = new Ribbons(4);
    ribbons.ring(HUNDRED, 4, [1, 2, 3]);
    ribbons.ring([], 4, [1, 2, 3]);
    assert.equal(ribbons.mesh().attributes['indices']?.value.length, 0);
});

test('a dot is round', () => {
    const ribbons = new Ribbons(15);
    ribbons.disc([5.7, 50.85], 10, [0, 0, 0], 10);
    // A decagon has 0.935 of the area of its circle.
    assert.ok(Math.abs(area_px2(ribbons.mesh(), 15) / (Math.PI * 100) - 0.935) < 0.002);
});

test('a line is as long and as wide as it is drawn', () => {
    const [from, to] = /** @type {[Position, Position]} */ ([[5.7, 50.85], [5.71, 50.856]]);
    const ribbons = new Ribbons(15);
    ribbons.line(from, to, 4, [0, 0, 0]);
    const [[x, y], [toX, toY]] = [world(from), world(to)];
    const length_px = Math.hypot(toX - x, toY - y) * 2 ** 15;
    assert.ok(Math.abs(area_px2(ribbons.mesh(), 15) / (4 * length_px) - 1) < 0.002);
});

/**
 * Where on a map of this size a place is drawn.
 *
 * @param {Position} position
 * @param {Camera} camera
 * @param {{width: number, height: number}} size in pixels
 * @returns {[x_px: number, y_px: number]}
 */
function toScreen(position, { lon_deg, lat_deg, zoom }, { width, height }) {
    const [x, y] = world(position);
    const [middleX, middleY] = world([lon_deg, lat_deg]);
    return [width / 2 + (x - middleX) * 2 ** zoom, height / 2 + (y - middleY) * 2 ** zoom];
}

test('a pixel of the map is the place that is drawn there', () => {
    const camera = { lon_deg: 5.7, lat_deg: 50.85, zoom: 13.3 };
    const size = { width: 800, height: 600 };
    assert.deepEqual(toScreen([5.7, 50.85], camera, size).map(Math.round), [400, 300]);
    const [x, y] = toScreen(toGround([123, 456], camera, size), camera, size);
    assert.ok(Math.hypot(x - 123, y - 456) < 1e-6);
});

test('badges have room by rank, and none lies on a better one', () => {
    const at = (/** @type {number} */ x) => /** @type {[number, number]} */ ([256 + x, 170]);
    assert.deepEqual(roomy([at(0), at(20), at(40), at(60)], 0), [true, false, true, false]);
    assert.deepEqual(roomy([at(0), at(20), at(40), at(60)], 1), [true, true, true, true]);
    assert.deepEqual(roomy([], 0), []);
});

test('a name goes aside for a badge within its own area, or goes', () => {
    const label = { code: 'a', text: 'Wyck', position: [5, 50], width_px: 30, height_px: 14, shift_px: 0 };
    const here = { ...label, world: /** @type {[number, number]} */ ([256, 170]) };
    const shifts = (/** @type {[number, number][]} */ badges, /** @type {boolean} */ holds) =>
        aside([here], badges, 0, () => holds).map(({ shift_px }) => Math.sign(shift_px));
    assert.deepEqual(shifts([[300, 170]], true), [0]);
    assert.deepEqual(shifts([[256, 170]], true), [-1]);
    assert.deepEqual(shifts([[256, 170], [256, 150]], true), [1]);
    assert.deepEqual(shifts([[256, 170]], false), []);
});

test('a figure stands below the name, or alone where only that fits', () => {
    const names = [areaName(area('Boschstraatkwartier', 5, 0.01))];
    const figures = new Map([['Boschstraatkwartier', '3.2']]);
    const written = (/** @type {number} */ zoom) => labels(names, figures, zoom).map(({ text }) => text);
    assert.deepEqual(written(8), []);
    assert.deepEqual(written(12), ['3.2']);
    assert.deepEqual(written(16), ['Boschstraatkwartier\n3.2']);
});

test('a layer of the same things is the same layer, and one that was left out is not drawn again', () => {
    const stock = new LayerStock();
    const [one, other] = [{}, {}];
    const draw = (/** @type {unknown[]} */ ...ingredients) => stock.layer('a', ingredients, () => ({}));
    const first = draw(one, 1);
    stock.drawn();
    assert.equal(draw(one, 1), first);
    stock.drawn();
    assert.notEqual(draw(other, 1), first);
    stock.drawn();
    stock.drawn();
    const again = draw(other, 1);
    stock.drawn();
    assert.equal(draw(other, 1), again);
});

test('whoever zooms with the wheel keeps the place under the pointer', () => {
    const [camera, size] = [{ lon_deg: 5.7, lat_deg: 50.85, zoom: 12 }, { width: 800, height: 600 }];
    for (const pixel of /** @type {[number, number][]} */ ([[400, 300], [10, 590], [799, 1]])) {
        const [before, after] = [camera, zoomed(camera, 14.5, pixel, size)].map((one) => toGround(pixel, one, size));
        before?.forEach((degree, axis) => assert.ok(Math.abs(degree - (after?.[axis] ?? NaN)) < 1e-9));
    }
});

test('a place of the map of the world is the place that lies there', () => {
    for (const place of [[5.7, 50.85], [-70, -33], [0, 0]]) {
        placeOf(world(place)).forEach((degree, axis) => assert.ok(Math.abs(degree - (place[axis] ?? NaN)) < 1e-9));
    }
});

test('a sketch is the same thing until something of it changes', () => {
    const scene = new Scene();
    const rows = [{ hotspot: hotspot({ centroid: [5.5, 50.5], geometry: square(5, 1) }), sign: '1', colour: themeColour(0) }];
    const told = (/** @type {string} */ text) =>
        scene.overlay({
            figures: {
                ...{ values: new Map(), written: new Map([['west', text]]), scale: { breaks: [], colours: [] } },
                ...{ kind: 'rate', heading: { title: '', unit: '' }, rows: [], told: new Map() },
            },
            surface: null,
            before: null,
            incidents: null,
        });
    scene.areas([area('west', 5, 20)]);
    scene.rows(rows);
    const first = scene.sketched(9);
    assert.equal(scene.sketched(9.1), first);
    scene.rows(rows.map((row) => ({ ...row })));
    assert.equal(scene.sketched(9), first, 'the same rows, made anew');
    scene.light('h');
    assert.deepEqual(scene.sketched(9).raised.map(({ sign }) => sign), ['1']);
    scene.light(null);
    told('1,000');
    assert.match(scene.sketched(9).labels[0]?.text ?? '', /1,000/);
    told('2,000');
    assert.match(scene.sketched(9).labels[0]?.text ?? '', /2,000/, 'other figures of the same areas');
});

test('what is made of the same things is made once', () => {
    const kept = new Kept();
    const thing = {};
    const first = kept.of('a', [thing, 1], () => ({}));
    assert.equal(kept.of('a', [thing, 1], () => ({})), first);
    assert.notEqual(kept.of('b', [thing, 1], () => ({})), first);
    assert.notEqual(kept.of('a', [thing, 2], () => ({})), first);
    assert.notEqual(kept.of('a', [{}, 2], () => ({})), first);
});

test('the pointer meets badges before footprints, and footprints before the week before', () => {
    const colour = themeColour(0);
    const far = { hotspot: hotspot({ id: 'far', centroid: [5.2, 50.2], geometry: square(5, 0.4) }), sign: '1', colour };
    const near = { hotspot: hotspot({ id: 'near', centroid: [5.3, 50.5], geometry: square(5, 1) }), sign: '2', colour };
    const before = { week: '2010-W29', hotspots: [hotspot({ id: 'was', geometry: square(7, 1), centroid: [7.5, 50.5] })], gone: new Set(['was']), told: () => [] };
    const drawn = { rows: [far, near], badges: { badges: [far], dots: [near] }, areas: [area('west', 5)], before, incidents: null, surface: null };
    const at = (/** @type {number} */ lon_deg, /** @type {number} */ lat_deg) =>
        pointed([400, 300], { lon_deg, lat_deg, zoom: 9 }, { width: 800, height: 600 }, drawn);
    assert.equal(at(5.3, 50.5).row?.hotspot.id, 'near', 'its dot lies on the footprint of the other');
    assert.equal(at(5.1, 50.9).row?.hotspot.id, 'far');
    assert.equal(at(5.1, 50.9).area?.id, 'west');
    assert.equal(at(7.5, 50.5).was?.id, 'was');
    assert.deepEqual(at(9, 50.5), {});
});

test('a likely hotspot is drawn lighter than a confirmed one of the same strength', () => {
    for (const relative_risk of [1, 3, 9, null]) {
        assert.ok(fillAlpha({ relative_risk, expected: 1, grade: 'likely' }) < fillAlpha({ relative_risk, expected: 1, grade: 'confirmed' }) / 2);
    }
});

test('a border that two areas share is drawn once', () => {
    const { shared, outline } = borders([area('west', 5), area('east', 6)]);
    assert.equal(shared.length, 1);
    assert.equal(outline.length, 6);
    assert.deepEqual([...shared[0] ?? []].sort(), [[6, 50], [6, 51]]);
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
