/** Composition: makes the parts, keeps the state, and connects the two. */

/** @import {AreaName, Camera, Area, Edition, Feature, Me, Part, Shown, View, Week} from './types.d.ts' */
/** @import {App} from './types.d.ts' */
import { Api, Problem } from './api.js';
import { filtersPart } from './filters/part.js';
import { helpPart } from './help/part.js';
import { LanguageSwitch } from './language/language.js';
import { layersPart } from './layers/part.js';
import { Legend } from './legend/legend.js';
import { around, orElse, Weeks } from './loading.js';
import { mapLibrary } from './map/library.js';
import { HotspotMap } from './map/map.js';
import { afterFrame } from './map/pace.js';
import { remember, remembered } from './memory.js';
import { nearestWeek } from './notice/links.js';
import { Notice } from './notice/notice.js';
import { Page } from './page.js';
import { panelPart } from './panel/part.js';
import { listPart } from './ranking/part.js';
import { searchPart } from './search/part.js';
import { isCompared, Selector, together, within } from './selection.js';
import { Access } from './session/access.js';
import { embedPart } from './share/embed.js';
import { readersLanguage, readView, roundedCamera, writeView } from './state.js';
import { TEXTS } from './texts.js';
import { toolsPart } from './toolbar/part.js';
import { weekDays } from './weeks/name.js';
import { weeksPart } from './weeks/part.js';

/** A view is written to the address this long after the map came to rest. */
const REST_MS = 300;

const access = new Access();
const api = new Api(document.baseURI, access.told);
const weeks = new Weeks(async (name, signal) => {
    const read = await api.week(name, signal);
    // To read a week and to draw it are two tasks: the page answers in between.
    await new Promise((resume) => setTimeout(resume));
    return read;
});

/** @type {View} */
let view = readView(location.hash);
/** Published weeks, latest first. @type {readonly Edition[]} */
let published = [];
/** @type {Week | null} */
let week = null;
/** @type {readonly Feature<Area>[]} */
let areas = [];
/** @type {readonly AreaName[]} */
let districts = [];
/** @type {Me | null} */
let me = null;
/** @type {Shown | null} */
let shown = null;
/** Whether the map library is not to be had here. */
let isSketch = false;
let rest = 0;

const selector = new Selector();

const page = new Page();
const notice = new Notice();
const legend = new Legend();
const map = new HotspotMap({ choose: chosenOnMap, point, move: moved, besides: () => legend.width_px });
const languageSwitch = new LanguageSwitch((chosen) => {
    remember('language', chosen);
    change({ language: chosen });
});

/** What the parts of the page may ask. @type {App} */
const app = Object.freeze({
    api,
    page,
    map,
    weeks,
    view: () => view,
    language: spoken,
    shown: () => shown,
    change,
    open,
    close,
    point,
    fail,
    explain: (/** @type {string} */ term) => help.open(term),
    announce: (/** @type {string} */ text) => page.announce(text),
    reload: () => {
        weeks.forget();
        void start().then(complete);
    },
    restart: () => location.reload(),
    moved,
    link: ({ language, embed = false }) =>
        `${location.origin}${location.pathname}${embed ? '?embed' : ''}${writeView({ ...view, language })}`,
});

page.heads.append(languageSwitch.element);
page.scroll.append(notice.element);
page.stage.prepend(map.element, legend.element);

const help = helpPart(app);
const search = searchPart(app, flyToArea);
const filters = filtersPart(app, flyToArea);
const list = listPart(app);
const timeline = weeksPart(app);
const panel = panelPart(app);

/** Within another page there is only the map. */
const tools = new URLSearchParams(location.search).has('embed') ? null : toolsPart(app);

/**
 * Told what to show, in this order, whenever anything changes.
 *
 * @type {readonly Part[]}
 */
const parts = [
    // LIST: filters, search, list, time line, help.
    ...[search, filters, list, timeline, help],
    // PANEL: the panel of the chosen hotspot, its evidence and notes.
    panel,
    // LAYERS: layers of the map, legend.
    layersPart(app, legend),
    // TOOLS: compare, print, download, share, embed.
    tools ?? embedPart(app),
    // ACCESS: session, notices of the level and of the network.
    access.part(app, notice),
];

function spoken() {
    return view.language ?? readersLanguage(remembered('language'), navigator.languages);
}

/**
 * @param {Partial<View>} changes
 * @param {{replace?: boolean}} [how]
 */
function change(changes, { replace = false } = {}) {
    const before = view;
    view = Object.freeze({ ...view, ...changes });
    if (replace) history.replaceState(null, '', writeView(view));
    else history.pushState(null, '', writeView(view));
    showChange(before);
}

/** @param {View} before */
function showChange(before) {
    if (view.week !== before.week || week === null) void showWeek();
    else render();
}

/** Fetch the chosen week, or the latest, and show it. */
async function showWeek() {
    if (!(await fetchWeek())) return;
    render();
    fetchAhead();
}

/** @returns {Promise<boolean>} whether this is still what is asked for */
async function fetchWeek() {
    const wanted = view.week ?? published[0]?.week ?? null;
    const kept = weeks.kept(wanted);
    if (kept === undefined) page.busy(true);
    try {
        week = await weeks.show(wanted);
        notice.hide();
    } catch (error) {
        // A newer request has taken over.
        if (error instanceof DOMException && error.name === 'AbortError') return false;
        if (error instanceof Problem && error.status === 404) await showNearest(wanted);
        else fail(error, () => void showWeek());
    }
    page.busy(false);
    return true;
}

/**
 * A week that is not published is no choice: show the nearest that is, or say that there is none.
 *
 * @param {string | null} wanted
 */
async function showNearest(wanted) {
    const texts = TEXTS[spoken()];
    try {
        const named = (await api.weeks()).map((edition) => edition.week);
        const nearest = wanted === null ? null : nearestWeek(named, wanted);
        if (wanted === null || nearest === null) {
            notice.show(texts.nothingPublished, texts.nothingPublishedWhy);
            return;
        }
        week = await weeks.show(nearest);
        notice.show(texts.unknownWeekTitle(wanted), texts.unknownWeekWhy(weekDays(nearest, spoken())));
    } catch (error) {
        fail(error, () => void showWeek());
    }
}

function fetchAhead() {
    if (week === null) return;
    const names = published.map((edition) => edition.week);
    weeks.ahead(around(names, week.ranking.week));
}

/** Show the state: every part is told. */
function render() {
    const language = spoken();
    const named = week === null ? null : { municipality: week.ranking.municipality.name, week: week.ranking.week };
    page.show(language, named);
    languageSwitch.show(language);
    access.speak(language);
    if (week === null) return;
    const selection = selector.select(week, view, { language, areas });
    const chosen = view.hotspot === null ? null : (selection.all.get(view.hotspot) ?? null);
    shown = Object.freeze({
        ...{ view, language, week, weeks: published, selection, chosen, areas, districts, me },
        compared: isCompared(week, published),
    });
    showMap(shown);
    for (const part of parts) part.show(shown);
}

/** @param {Shown} now */
function showMap(now) {
    const { language, selection, chosen } = now;
    const { ranking } = now.week;
    const texts = TEXTS[language];
    const { vintage, source, schematic } = ranking.boundaries;
    // The map shows the boundaries of today, which an older week may not have been made with.
    const drawn = areas[0]?.properties ?? { vintage, schematic };
    legend.show([...selection.groups], ranking, language);
    // The strongest of all themes lie on top of each other's badges; what is looked at is drawn whatever the filters say.
    const unseen = chosen === null || selection.rows.includes(chosen.row) ? [] : [chosen.row];
    map.show([...selection.rows, ...unseen].sort((one, other) => one.hotspot.rank - other.hotspot.rank), {
        language,
        credit: drawn.vintage === vintage ? texts.boundaries(source, vintage) : texts.otherBoundaries(drawn.vintage, vintage),
        warning: [isSketch ? texts.mapFailed : '', drawn.schematic ? texts.schematic : ''].join(' ').trim(),
        name: ranking.week,
    });
    map.choose(chosen?.row ?? null);
}

/** @param {string} id */
function open(id) {
    change({ hotspot: id });
    void flyToChosen().then(() => panel.focus());
}

/** What the panel covers is known as soon as it is there. */
async function flyToChosen() {
    await orElse(panel.ready(), undefined);
    if (shown !== null && shown.chosen !== null) map.flyTo(shown.chosen.row, covered());
}

/** How much of the map the panel covers: its right side on a wide screen, its lower side on a narrow one. */
function covered() {
    const over = panel.element?.getBoundingClientRect();
    if (over === undefined || over.width === 0) return { right_px: 0, bottom_px: 0 };
    const under = map.element.getBoundingClientRect();
    if (over.width < under.width * 0.9) return { right_px: under.right - over.left, bottom_px: 0 };
    return { right_px: 0, bottom_px: Math.max(0, under.bottom - over.top) };
}

/** @param {string} area */
function flyToArea(area) {
    map.flyToAreas(within(area, areas), covered());
}

function close() {
    const id = view.hotspot;
    change({ hotspot: null });
    if (id !== null) list.focus(id);
}

/** @param {string | null} id */
function chosenOnMap(id) {
    if (id !== null) open(id);
    else if (view.hotspot !== null) change({ hotspot: null });
}

/** @param {string | null} id */
function point(id) {
    map.light(id);
    list.light(id);
    tools?.light(id);
}

/** @param {Camera} camera */
function moved(camera) {
    clearTimeout(rest);
    rest = window.setTimeout(() => {
        view = Object.freeze({ ...view, camera: roundedCamera(camera) });
        // Each move is no step back: only choices are.
        history.replaceState(null, '', writeView(view));
    }, REST_MS);
}

/**
 * @param {unknown} error
 * @param {() => void} again
 */
function fail(error, again) {
    if (shown === null) page.results.textContent = '';
    notice.fail(error, again, spoken());
    if (!(error instanceof Problem || error instanceof TypeError)) throw error;
}

/** Everything that the first view needs is asked for at once, what takes longest first. */
async function start() {
    page.show(spoken(), null);
    languageSwitch.show(spoken());
    page.results.textContent = TEXTS[spoken()].loading;
    const asked = { week: fetchWeek(), areas: api.neighbourhoods(), me: access.who(), weeks: api.weeks() };
    const told = { areas: orElse(asked.areas, []), me: orElse(asked.me, null), weeks: orElse(asked.weeks, []) };
    [, areas, me, published] = await Promise.all([asked.week, told.areas, told.me, told.weeks]);
    chooseArea();
    render();
}

/** The view stands without districts; they are asked for once it does. */
async function complete() {
    districts = await orElse(api.districts(), []);
    render();
    fetchAhead();
}

/** Whoever comes without a view sees the own areas first, or those of last time; a link shows what it holds. */
function chooseArea() {
    if (location.hash.length > 1) return;
    const mine = me === null || me.areas === null ? null : together(me.areas.map(({ code }) => code));
    const area = readView(`#area=${mine ?? remembered('area') ?? ''}`).area;
    // What was remembered may be of another municipality.
    if (area === null || (areas.length > 0 && within(area, areas).length === 0)) return;
    view = Object.freeze({ ...view, area });
    history.replaceState(null, '', writeView(view));
}

/** The list and a sketch of the map are on the screen before the browser is kept busy with the map library. */
async function begin() {
    await start();
    map.lay(areas, view.camera);
    if (view.camera === null && view.hotspot !== null) void flyToChosen();
    else if (view.camera === null && view.area !== null) flyToArea(view.area);
    await new Promise((/** @type {(done: void) => void} */ resolve) => afterFrame(resolve));
    await Promise.all([startMap(), complete()]);
}

async function startMap() {
    try {
        const library = await mapLibrary();
        if (library === null) isSketch = true;
        else map.start(library);
    } catch (error) {
        isSketch = true;
        throw error;
    } finally {
        // What waits for the map, such as another beside it.
        render();
    }
}

window.addEventListener('popstate', () => {
    const before = view;
    view = readView(location.hash);
    showChange(before);
    if (view.camera !== null) map.look(view.camera);
});

void begin();
