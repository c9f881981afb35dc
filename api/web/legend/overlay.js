/** What the legend says of the layers beside the hotspots, and their figures as a table. */

/** @import {Colour, Language} from '../types.d.ts' */
/** @import {Figures, Heading, Incidents, Overlay, Scale} from '../map/drawing.d.ts' */
import { element } from '../element.js';
import { number } from '../format.js';
import { signed } from '../layers/figures.js';
import { pile_px } from '../map/extras.js';
import { BEFORE, INCIDENTS, NO_DATA, css } from '../style.js';
import { TEXTS } from '../texts.js';

/** So many incidents at one point are shown as examples. */
const EXAMPLES = Object.freeze([1, 5, 20]);

/**
 * @param {Overlay} overlay
 * @param {Language} language
 * @returns {HTMLElement[]}
 */
export function overlayLines({ figures, surface, before, incidents }, language) {
    const texts = TEXTS[language].layers;
    return [
        ...(figures === null ? [] : [areaLines(figures, language)]),
        ...(surface === null
            ? []
            : [section(texts.legendCells, surface.heading, ramp(surface.scale, (cut) => number(cut, language, 1), language))]),
        ...(before === null ? [] : [section(texts.legendBefore, null, beforeLines(language))]),
        ...(incidents === null ? [] : [section(texts.legendIncidents, null, dotLines(incidents, language))]),
    ];
}

/**
 * @param {string} name
 * @param {Heading | null} heading
 * @param {...Node} content
 */
function section(name, heading, ...content) {
    const said = heading === null ? [] : [element('p', 'legend-of', heading.title), element('p', 'legend-unit', heading.unit)];
    return element('section', 'legend-section', element('h3', '', name), ...said, ...content);
}

/**
 * @param {Figures} figures
 * @param {Language} language
 */
function areaLines(figures, language) {
    const texts = TEXTS[language].layers;
    const isChange = figures.kind === 'change';
    const write = (/** @type {number} */ cut) => (isChange ? signed(cut, language) : number(cut, language, 1));
    const hasGaps = figures.rows.some(({ code }) => (figures.values.get(code) ?? null) === null);
    const swatch = element('span', 'swatch swatch-none');
    swatch.style.setProperty('--hatch', css(NO_DATA.hatch));
    swatch.style.backgroundColor = css(NO_DATA.ground);
    const gaps = element('ul', '', element('li', '', swatch, texts.noData));
    return section(
        texts.legendAreas,
        figures.heading,
        ...(figures.written.size > 0 ? [ramp(figures.scale, write, language, isChange)] : []),
        ...(hasGaps ? [gaps] : []),
        ...(figures.written.size > 0 ? [table(figures, language)] : []),
    );
}

/**
 * The classes of a scale side by side, with where each begins.
 *
 * @param {Scale} scale
 * @param {(cut: number) => string} write
 * @param {Language} language
 * @param {boolean} [isChange] whether the middle class is about the same
 */
function ramp({ breaks, colours }, write, language, isChange = false) {
    const texts = TEXTS[language].layers;
    const classes = colours.map((colour, place) => {
        const block = element('span', 'ramp-block');
        block.style.backgroundColor = css(colour);
        const [from, to] = [breaks[place - 1], breaks[place]];
        return element('li', '', block, element('span', 'ramp-words', className({ from, to, isChange }, write, texts)));
    });
    return element('ol', 'ramp', ...classes);
}

/**
 * @param {{from: number | undefined, to: number | undefined, isChange: boolean}} bounds
 * @param {(cut: number) => string} write
 * @param {(typeof TEXTS)['nl']['layers']} texts
 */
function className({ from, to, isChange }, write, texts) {
    if (from === undefined && to === undefined) return '';
    if (isChange && (from === undefined || (to ?? 0) < 0)) return texts.lessThanBefore(write(to ?? 0));
    if (isChange && from !== undefined && from < 0 && to !== undefined && to > 0) return texts.sameAsBefore;
    if (from === undefined) return texts.below(write(to ?? 0));
    return texts.orMore(write(from));
}

/**
 * The accessible twin of the colours.
 *
 * @param {Figures} figures
 * @param {Language} language
 */
function table({ rows, heading }, language) {
    const texts = TEXTS[language].layers;
    const head = (/** @type {string} */ name) => {
        const cell = element('th', '', name);
        cell.scope = 'col';
        return cell;
    };
    const lines = rows.map(({ name, observed, rate, change }) => {
        const first = element('th', '', name);
        first.scope = 'row';
        return element('tr', '', first, element('td', '', observed), element('td', '', rate), element('td', '', change));
    });
    const columns = [texts.tableArea, texts.tableCount, texts.tableRate, texts.tableChange];
    const caption = element('caption', 'unseen', texts.tableCaption(heading.title));
    const body = element('table', '', caption, element('thead', '', element('tr', '', ...columns.map(head))), element('tbody', '', ...lines));
    return element('details', 'legend-table', element('summary', '', texts.figuresTable), body);
}

/** @param {Language} language */
function beforeLines(language) {
    const texts = TEXTS[language].layers;
    const listed = element('span', 'swatch swatch-before');
    const gone = element('span', 'swatch-gone');
    for (const sign of [listed, gone]) sign.style.setProperty('--line', css(BEFORE.line));
    return element('ul', '', element('li', '', listed, texts.legendListed), element('li', '', gone, texts.legendGone));
}

/**
 * @param {Incidents} incidents
 * @param {Language} language
 */
function dotLines({ piles }, language) {
    const most = piles[0]?.count ?? 1;
    const counts = EXAMPLES.filter((count) => count === 1 || count <= most);
    return element('ul', 'legend-dots', ...counts.map((count) => dotLine(count, INCIDENTS.ground, language)));
}

/**
 * @param {number} count
 * @param {Colour} colour
 * @param {Language} language
 */
function dotLine(count, colour, language) {
    const dot = element('span', 'dot');
    dot.style.width = `${2 * pile_px(count)}px`;
    dot.style.height = dot.style.width;
    dot.style.backgroundColor = css(colour, INCIDENTS.alpha);
    return element('li', '', dot, number(count, language));
}
