/** A course in columns: counts one after another, signs over those that stand out, and what each says. */

/** @import {Mark} from './geometry.js' */
import { element } from '../element.js';
import { drawn } from '../svg.js';
import { columnAt, columns, corners, scaleTop, stepped } from './geometry.js';

/**
 * @typedef {object} Course
 * @property {readonly number[]} values
 * @property {readonly (Mark | null)[]} marks a sign over each, or none
 * @property {readonly [number, number] | null} shaded first and last column of the window
 * @property {readonly number[] | null} expected a tick across each column
 * @property {readonly string[]} says what each column says, in words
 * @property {string} label what it is
 * @property {readonly [string, string]} ends names of the first and the last column
 * @property {(value: number) => string} count
 * @property {readonly {sign: Mark | 'window' | 'expected', text: string}[]} legend
 * @property {{summary: string, heads: readonly string[], rows: readonly (readonly string[])[]}} table the same, to read
 */

const WIDTH = 340;
const TALL = Object.freeze({ height: 78, top: 18 });
const MARK_PX = 4;

/**
 * Draw a course. It is read by pointing, or with the arrow keys.
 *
 * @param {Course} course
 */
export function sparkline(course) {
    const readout = element('p', 'spark-readout');
    // What it says is told with the value of the handle.
    readout.setAttribute('aria-hidden', 'true');
    const ends = element('p', 'spark-ends', element('span', '', course.ends[0]), element('span', '', course.ends[1]));
    ends.setAttribute('aria-hidden', 'true');
    return element('figure', 'spark', handle(course, readout), ends, readout, legend(course), table(course));
}

/**
 * What is pointed at, or walked through with the arrow keys.
 *
 * @param {Course} course
 * @param {HTMLElement} readout
 */
function handle(course, readout) {
    const picture = drawing(course);
    const made = element('div', 'spark-chart', picture);
    const count = course.values.length;
    made.tabIndex = 0;
    // Of the roles that are read value by value with the arrow keys this is the one that every reader knows.
    made.setAttribute('role', 'slider');
    made.setAttribute('aria-label', course.label);
    made.setAttribute('aria-valuemin', '0');
    made.setAttribute('aria-valuemax', String(count - 1));
    const lines = [...picture.querySelectorAll('.spark-column')];
    let at = count - 1;
    const point = (/** @type {number} */ place) => {
        lines[at]?.classList.remove('lit');
        at = place;
        lines[at]?.classList.add('lit');
        readout.textContent = course.says[at] ?? '';
        made.setAttribute('aria-valuenow', String(at));
        made.setAttribute('aria-valuetext', course.says[at] ?? '');
    };
    const follow = (/** @type {PointerEvent} */ { clientX }) => {
        const { left, width } = picture.getBoundingClientRect();
        if (width > 0) point(columnAt((clientX - left) / width, count));
    };
    made.addEventListener('pointermove', follow);
    made.addEventListener('pointerdown', follow);
    made.addEventListener('keydown', (event) => {
        const wanted = stepped(event.key, at, count);
        if (wanted === null) return;
        event.preventDefault();
        point(wanted);
    });
    point(at);
    return made;
}

/** @param {Course} course */
function drawing({ values, marks, shaded, expected, count }) {
    const { height, top } = TALL;
    const most = scaleTop([...values, ...(expected ?? [])]);
    const boxes = columns(values, { width: WIDTH, height, top, gap: values.length > 20 ? 1.4 : 5 }, most);
    const made = drawn('svg', { viewBox: `0 0 ${WIDTH} ${height + 1}`, class: 'spark-drawing', 'aria-hidden': 'true' });
    const step = WIDTH / values.length;
    if (shaded !== null) {
        const [first, last] = shaded;
        const width = (last - first + 1) * step;
        made.append(drawn('rect', { class: 'spark-window', x: first * step, y: 0, width, height }));
    }
    made.append(
        drawn('line', { class: 'spark-top', x1: 0, x2: WIDTH, y1: top, y2: top }),
        drawn('text', { class: 'spark-figure', x: 0, y: top - 4 }, count(most)),
        ...boxes.map((box, place) => {
            const isShaded = shaded !== null && place >= shaded[0] && place <= shaded[1];
            const usual = expected?.[place];
            const y = usual === undefined ? null : height - (usual / most) * (height - top);
            return column(box, { reach: { x: place * step, y: 0, width: step, height }, mark: marks[place] ?? null, isShaded, usual_y: y });
        }),
        drawn('line', { class: 'spark-base', x1: 0, x2: WIDTH, y1: height + 0.5, y2: height + 0.5 }),
    );
    return made;
}

/**
 * @param {import('./geometry.js').Box} box
 * @param {{reach: import('./geometry.js').Box, mark: Mark | null, isShaded: boolean, usual_y: number | null}} how
 */
function column(box, { reach, mark, isShaded, usual_y }) {
    const made = drawn('g', { class: `spark-column${isShaded ? ' in-window' : ''}${mark === null ? '' : ` is-${mark}`}` });
    made.append(drawn('rect', { class: 'spark-reach', ...reach }), drawn('rect', { class: 'spark-bar', ...box }));
    if (mark !== null) {
        const y = Math.max(MARK_PX + 1, box.y - MARK_PX - 3);
        const points = corners(mark, box.x + box.width / 2, y, MARK_PX);
        made.append(drawn('polygon', { class: `sign sign-${mark}`, points }));
    }
    if (usual_y !== null) {
        const ends = { x1: box.x - 1.5, x2: box.x + box.width + 1.5, y1: usual_y, y2: usual_y };
        made.append(drawn('line', { class: 'spark-expected', ...ends }));
    }
    return made;
}

/** @param {Course} course */
function legend({ legend: lines }) {
    const made = element('ul', 'spark-legend');
    for (const { sign, text } of lines) {
        const picture = drawn('svg', { viewBox: '0 0 12 12', class: 'spark-sample', 'aria-hidden': 'true' });
        if (sign === 'window') picture.append(drawn('rect', { class: 'spark-window', x: 0, y: 0, width: 12, height: 12 }));
        else if (sign === 'expected') picture.append(drawn('line', { class: 'spark-expected', x1: 0, x2: 12, y1: 6, y2: 6 }));
        else picture.append(drawn('polygon', { class: `sign sign-${sign}`, points: corners(sign, 6, 6, MARK_PX + 0.5) }));
        made.append(element('li', '', picture, text));
    }
    return made;
}

/** @param {Course} course */
function table({ table: { summary, heads, rows }, label }) {
    const caption = element('caption', 'unseen', label);
    const head = element('tr', '', ...heads.map((text) => scoped(text, 'col')));
    const lines = rows.map(([name = '', ...cells]) =>
        element('tr', '', scoped(name, 'row'), ...cells.map((text) => element('td', '', text))),
    );
    const made = element('table', 'spark-table', caption, element('thead', '', head), element('tbody', '', ...lines));
    return element('details', 'spark-rows', element('summary', '', summary), made);
}

/**
 * @param {string} text
 * @param {'col' | 'row'} scope
 */
function scoped(text, scope) {
    const made = element('th', '', text);
    made.scope = scope;
    return made;
}
