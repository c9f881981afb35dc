/** The rooms of the page, into which the controls are put. */

/** @import {Language} from './types.d.ts' */
import { element } from './element.js';
import { weekTitle } from './weeks/name.js';
import { TEXTS } from './texts.js';

export class Page {
    #title = document.createTextNode('Hotspot');
    #place = element('small', '');
    #skip = document.getElementById('skip');
    #main = document.getElementById('page') ?? document.body;
    /** Beside the name: language, session, help. */
    heads = element('div', 'heads');
    /** What is chosen from: theme, area, and so on. */
    choices = element('div', 'choices');
    results = element('p', 'results');
    /** The list and what is said in its place. */
    scroll = element('div', 'scroll');
    foot = element('p', 'foot');
    /** The map, and what lies over it. */
    stage = element('div', 'stage');
    /** Over the map at the top right: layers, compare, print and so on. */
    tools = element('div', 'tools');
    /** Under the map: the weeks. */
    timeline = element('div', 'timeline');
    /** What changed, for those who do not see the page. */
    #said = element('p', 'unseen');

    constructor() {
        const mark = element('img', '');
        mark.src = new URL('icon.svg', import.meta.url).href;
        mark.alt = '';
        const heading = element('h1', '', this.#title, this.#place);
        const brand = element('div', 'brand', mark, heading, this.heads);
        const top = element('header', 'top', brand, this.choices);
        this.results.setAttribute('role', 'status');
        this.results.setAttribute('aria-live', 'polite');
        this.scroll.id = 'list';
        this.scroll.tabIndex = -1;
        const lower = element('div', 'lower', this.results, this.scroll);
        this.#said.setAttribute('role', 'status');
        this.stage.append(this.tools);
        const ground = element('div', 'ground', this.stage, this.timeline);
        this.#main.replaceChildren(element('div', 'side', top, lower, this.foot), ground, this.#said);
        // The address after the # holds the view: going to the list must not replace it.
        this.#skip?.addEventListener('click', (event) => {
            event.preventDefault();
            this.scroll.focus();
        });
    }

    /** @param {boolean} isBusy whether what is shown is about to be replaced */
    busy(isBusy) {
        this.#main.classList.toggle('busy', isBusy);
        if (isBusy) this.#main.setAttribute('aria-busy', 'true');
        else this.#main.removeAttribute('aria-busy');
    }

    /** @param {string} text */
    announce(text) {
        this.#said.textContent = text;
    }

    /**
     * @param {Language} language
     * @param {{municipality: string, week: string} | null} named whose list this is, and of which week, once known
     */
    show(language, named) {
        const texts = TEXTS[language];
        const municipality = named?.municipality;
        // To say the language again makes the browser style the whole page anew.
        if (document.documentElement.lang !== language) document.documentElement.lang = language;
        document.title = named === null ? texts.title : `${weekTitle(named.week, language)} · ${texts.title} · ${named.municipality}`;
        this.#title.data = texts.title;
        this.#place.textContent = municipality ?? '';
        this.choices.setAttribute('role', 'group');
        this.choices.setAttribute('aria-label', texts.choices);
        this.scroll.setAttribute('role', 'region');
        this.scroll.setAttribute('aria-label', texts.list);
        if (this.#skip !== null) this.#skip.textContent = texts.skip;
    }
}
