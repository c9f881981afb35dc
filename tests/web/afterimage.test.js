import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { Afterimage, transformOf } from '../../api/web/map/afterimage.js';
import { world } from '../../api/web/map/mercator.js';

const SIZE = { width: 800, height: 600 };
const HERE = { lon_deg: 5.69, lat_deg: 50.85, zoom: 12 };

/**
 * @param {readonly [number, number]} place
 * @param {import('../../api/web/types.d.ts').Camera} camera
 */
function pixelOf(place, camera) {
    const [x, y] = world(place);
    const [middleX, middleY] = world([camera.lon_deg, camera.lat_deg]);
    const times = 2 ** camera.zoom;
    return [SIZE.width / 2 + (x - middleX) * times, SIZE.height / 2 + (y - middleY) * times];
}

for (const [what, there] of /** @type {const} */ ([
    ['shifted', { ...HERE, lon_deg: 5.7, lat_deg: 50.846 }],
    ['nearer', { ...HERE, zoom: 13.5 }],
    ['farther and shifted', { lon_deg: 5.66, lat_deg: 50.87, zoom: 10.25 }],
])) {
    test(`a picture that is ${what} shows each place where the map has it`, () => {
        const given = /matrix\((.*)\)/.exec(transformOf(HERE, there))?.[1]?.split(',').map(Number) ?? [];
        const [scale = NaN, , , , right_px = NaN, down_px = NaN] = given;
        for (const place of /** @type {const} */ ([
            [5.69, 50.85],
            [5.75, 50.8],
        ])) {
            const [x = NaN, y = NaN] = pixelOf(place, HERE);
            const moved = [
                SIZE.width / 2 + scale * (x - SIZE.width / 2) + right_px,
                SIZE.height / 2 + scale * (y - SIZE.height / 2) + down_px,
            ];
            const right = pixelOf(place, there);
            assert.ok(Math.hypot((moved[0] ?? NaN) - (right[0] ?? NaN), (moved[1] ?? NaN) - (right[1] ?? NaN)) < 1e-6);
        }
    });
}

/** A library that tells whether it may draw, and how often it was made to. */
function library() {
    const told = { instead: /** @type {unknown} */ (null), drawn: 0 };
    const deck = {
        setProps: (/** @type {{_customRender: unknown}} */ { _customRender }) => (told.instead = _customRender),
        redraw: () => (told.drawn += 1),
        finalize: () => {},
        pickMultipleObjects: () => [],
    };
    const canvas = /** @type {HTMLElement} */ (/** @type {unknown} */ ({ style: { transform: '' } }));
    return { told, deck, canvas };
}

test('the library draws once the map rests, and now and then while it is moved', (context) => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    let now_ms = 0;
    context.mock.method(performance, 'now', () => now_ms);
    const { told, deck, canvas } = library();
    const follow = () => {};
    const afterimage = new Afterimage(deck, canvas, follow);
    afterimage.move();
    assert.equal(told.instead, null, 'nothing has been drawn that could be moved');
    afterimage.drew(HERE);
    const wait = (/** @type {number} */ ms) => {
        now_ms += ms;
        mock.timers.tick(ms);
    };
    afterimage.move();
    afterimage.show({ ...HERE, zoom: 13 });
    assert.match(canvas.style.transform, /^matrix\(2, /);
    assert.equal(told.instead, follow);
    wait(100);
    afterimage.move();
    wait(100);
    assert.equal(told.drawn, 0);
    wait(60);
    assert.deepEqual(told, { instead: null, drawn: 1 });
    afterimage.drew({ ...HERE, zoom: 13 });
    assert.equal(canvas.style.transform, '');
    for (let step = 0; step < 15; step += 1) {
        afterimage.move();
        wait(100);
    }
    assert.equal(told.drawn, 2);
    afterimage.end();
    afterimage.end();
    assert.deepEqual(told, { instead: null, drawn: 3 });
    mock.timers.reset();
});
