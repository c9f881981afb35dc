/** The control that chooses what the map draws beside the hotspots. */

/** @import {AreaFigure, Language, LayerChoice} from '../types.d.ts' */
/** @import {LayerState} from './feed.js' */
import { element } from '../element.js';
import { number } from '../format.js';
import { TEXTS } from '../texts.js';
import { Flyout } from '../toolbar/flyout.js';
import { icon } from '../toolbar/icons.js';

/** @typedef {'areas' | 'cells' | 'before' | 'incidents'} LayerName */

/**
 * @typedef {object} Choices
 * @property {Language} language
 * @property {LayerChoice} chosen
 * @property {Readonly<Record<LayerName, LayerState>>} states
 * @property {boolean} seesIncidents whether the level allows it
 * @property {boolean} hasBefore whether the week before is published
 * @property {{shown: number, all: number} | null} incidents how many of how many are drawn
 */

/** @type {readonly (AreaFigure | null)[]} */
const FIGURES = Object.freeze([null, 'rate', 'change']);
const SWITCHES = Object.freeze(/** @type {const} */ (['before', 'cells', 'incidents']));

export class LayersControl {
    #choose;
    #flyout;
    #legend = element('legend', '');
    #areasSaid = element('p', 'layer-said');
    /** @type {LayerChoice | null} */
    #chosen = null;
    #figures = FIGURES.map((figure) => ({ figure, ...choice('radio') }));
    #switches = SWITCHES.map((name) => ({ name, ...choice('checkbox') }));

    /** @param {(chosen: LayerChoice) => void} choose */
    constructor(choose) {
        this.#choose = choose;
        const fields = element('fieldset', 'layers-areas', this.#legend, ...this.#figures.map(({ label }) => label), this.#areasSaid);
        this.#flyout = new Flyout({ name: 'layers', icon: icon('layers') }, ...this.#switches.map(({ label }) => label), fields);
        for (const { figure, input } of this.#figures) {
            input.name = 'areas';
            input.value = figure ?? 'none';
            input.addEventListener('change', () => this.#change({ areas: figure }));
        }
        for (const { name, input } of this.#switches) {
            input.name = name;
            input.addEventListener('change', () => this.#change({ [name]: input.checked }));
        }
        this.element = element('div', 'layers', this.#flyout.element);
    }

    /** @param {Choices} choices */
    show(choices) {
        const { language, chosen, states } = choices;
        const texts = TEXTS[language].layers;
        this.#chosen = chosen;
        const on = [chosen.areas !== null, chosen.cells, chosen.before, chosen.incidents].filter(Boolean).length;
        this.#flyout.show(texts.layers, on > 0);
        this.#legend.textContent = texts.areasBy;
        this.#areasSaid.textContent = chosen.areas === null ? '' : stateWords(states.areas, language);
        for (const { figure, input, title, why } of this.#figures) {
            input.checked = chosen.areas === figure;
            title.textContent = figure === null ? texts.areasNone : figure === 'rate' ? texts.areasRate : texts.areasChange;
            why.textContent = '';
        }
        for (const { name, input, title, why } of this.#switches) {
            const { says, isPossible } = this.#words(name, choices);
            input.checked = chosen[name] && isPossible;
            input.disabled = !isPossible;
            title.textContent = { cells: texts.cells, before: texts.before, incidents: texts.incidentLayer }[name];
            why.textContent = says;
        }
    }

    /**
     * What is said under a switch: why it cannot be, how it fares, or else what it is.
     *
     * @param {'cells' | 'before' | 'incidents'} name
     * @param {Choices} choices
     */
    #words(name, { language, chosen, states, seesIncidents, hasBefore, incidents }) {
        const texts = TEXTS[language].layers;
        if (name === 'incidents' && !seesIncidents) return { says: texts.incidentsRefused, isPossible: false };
        if (name === 'before' && !hasBefore) return { says: texts.beforeNone, isPossible: false };
        const fares = chosen[name] ? stateWords(states[name], language) : '';
        const isCut = name === 'incidents' && chosen.incidents && incidents !== null && incidents.shown < incidents.all;
        const what = isCut
            ? texts.incidentsMost(number(incidents.shown, language), number(incidents.all, language))
            : { cells: texts.cellsWhy, before: texts.beforeWhy, incidents: texts.incidentsWhy }[name];
        return { says: fares === '' ? what : fares, isPossible: true };
    }

    /** @param {Partial<LayerChoice>} change */
    #change(change) {
        if (this.#chosen !== null) this.#choose(Object.freeze({ ...this.#chosen, ...change }));
    }
}

/**
 * A box to tick with its title and a line below it.
 *
 * @param {'radio' | 'checkbox'} type
 */
function choice(type) {
    const input = element('input', '');
    input.type = type;
    const title = element('span', 'layer-title');
    const why = element('span', 'layer-why');
    return { input, title, why, label: element('label', 'layer', input, element('span', 'layer-words', title, why)) };
}

/**
 * @param {LayerState} state
 * @param {Language} language
 */
function stateWords(state, language) {
    const texts = TEXTS[language].layers;
    if (state === 'loading') return texts.layerLoading;
    if (state === 'failed') return texts.layerFailed;
    return state === 'none' ? texts.layerNone : '';
}
