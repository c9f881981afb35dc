/** What is shown, as files: exactly the rows that pass the filters, and the service's own files of the whole week. */

/** @import {App, Language, Part, Shown} from '../types.d.ts' */
import { button, element } from '../element.js';
import { number } from '../format.js';
import { explain } from '../notice/explain.js';
import { Problem } from '../problem.js';
import { TEXTS } from '../texts.js';
import { Flyout } from '../toolbar/flyout.js';
import { icon } from '../toolbar/icons.js';
import { fileName, joined, onlyFeatures, onlyRows } from './files.js';
import { save } from './save.js';

/** More hotspots than this are not in one answer of the service. */
const IN_ONE_ANSWER = 1000;

/** @typedef {'csv' | 'geojson' | 'xlsx' | 'pdf'} Format */

/** @type {readonly Format[]} */
const FORMATS = Object.freeze(['csv', 'geojson', 'xlsx', 'pdf']);

export class Download {
    #app;
    #why = element('p', 'flyout-why');
    #whole = element('h3', '');
    #wholeWhy = element('p', 'flyout-why');
    #said = element('p', 'flyout-said');
    /** @type {ReadonlyMap<Format, HTMLButtonElement>} */
    #buttons;
    #flyout;

    /** @param {App} app */
    constructor(app) {
        this.#app = app;
        this.#buttons = new Map(FORMATS.map((format) => [format, button('flyout-button', () => void this.#get(format))]));
        this.#said.setAttribute('role', 'status');
        const [csv, geojson, xlsx, pdf] = [...this.#buttons.values()];
        this.#flyout = new Flyout(
            { name: 'download', icon: icon('download') },
            this.#why,
            element('div', 'flyout-buttons', ...listed(csv, geojson)),
            this.#whole,
            this.#wholeWhy,
            element('div', 'flyout-buttons', ...listed(xlsx, pdf)),
            this.#said,
        );
    }

    get element() {
        return this.#flyout.element;
    }

    /** @param {Shown} shown */
    show({ language, selection }) {
        const texts = TEXTS[language];
        this.#flyout.show(texts.download);
        const count = selection.rows.length;
        this.#why.textContent = texts.downloadShown(number(count, language), count, number(selection.total, language));
        this.#whole.textContent = texts.downloadWeek;
        this.#wholeWhy.textContent = texts.downloadWeekWhy;
        for (const [format, made] of this.#buttons) {
            const { name, what } = texts.formats[format];
            made.replaceChildren(name, element('small', '', what));
            made.disabled = count === 0 && (format === 'csv' || format === 'geojson');
        }
    }

    /** @param {Format} format */
    async #get(format) {
        const shown = this.#app.shown();
        if (shown === null) return;
        const { language } = shown;
        this.#said.textContent = TEXTS[language].downloading;
        try {
            const { blob, name } = await this.#file(format, shown);
            save(blob, name);
            this.#said.textContent = TEXTS[language].downloaded(name);
        } catch (error) {
            this.#said.textContent = wrong(error, language);
            if (!(error instanceof Problem || error instanceof TypeError)) throw error;
        }
    }

    /**
     * @param {Format} format
     * @param {Shown} shown
     */
    async #file(format, shown) {
        const { week, edition } = shown.week.ranking;
        const path = `v1/rankings/${week}?edition=${edition}&f=${format}`;
        if (format === 'xlsx' || format === 'pdf') {
            const blob = await this.#app.api.file(`${path}&lang=${shown.language}`);
            return { blob, name: `hotspots-${week}-edition-${edition}-${shown.language}.${format}` };
        }
        const ids = new Set(shown.selection.rows.map(({ hotspot }) => hotspot.id));
        const told = await Promise.all(pieces(shown).map((piece) => this.#app.api.file(`${path}${piece}`)));
        const texts = await Promise.all(told.map(textOf));
        const name = fileName(week, shown.view, format);
        if (format === 'csv') {
            return { blob: new Blob([onlyRows(joined(texts), ids)], { type: 'text/csv;charset=utf-8' }), name };
        }
        const collection = onlyFeatures(texts.map((text) => JSON.parse(text)), ids);
        return { blob: new Blob([JSON.stringify(collection)], { type: 'application/geo+json' }), name };
    }
}

/**
 * @param {App} app
 * @returns {Part & {element: HTMLElement}}
 */
export function downloadTool(app) {
    return new Download(app);
}

/**
 * What to add to the address so that each answer holds all that it matches: theme by theme where it would not.
 *
 * @param {Shown} shown
 */
function pieces({ selection }) {
    if (selection.total <= IN_ONE_ANSWER) return [''];
    const themes = new Set(selection.rows.map(({ hotspot }) => hotspot.theme));
    return [...themes].map((theme) => `&theme=${encodeURIComponent(theme)}`);
}

/**
 * The text with the mark at its beginning, which `Blob.text` would take away.
 *
 * @param {Blob} blob
 */
async function textOf(blob) {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await blob.arrayBuffer());
}

/**
 * @param {unknown} error
 * @param {Language} language
 */
function wrong(error, language) {
    const { title, explanation, reference } = explain(error, language);
    return [error instanceof Problem ? `${title}.` : '', explanation, reference].filter((text) => text !== '').join(' ');
}

/**
 * @template Thing
 * @param {...(Thing | undefined)} things
 * @returns {Thing[]}
 */
function listed(...things) {
    return things.flatMap((thing) => (thing === undefined ? [] : [thing]));
}
