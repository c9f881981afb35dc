/** Composition: makes the controls, keeps the state, and connects the two. */

/** @import {DeckLibrary, Edition, Language, Row, ThemeGroup, View, Week} from './types.d.ts' */
import { Api, Problem } from './api.js';
import { element } from './element.js';
import { moment, number, period, weekBefore } from './format.js';
import { groups } from './groups.js';
import { LanguageSwitch } from './language/language.js';
import { Legend } from './legend/legend.js';
import { HotspotMap } from './map/map.js';
import { Notice } from './notice/notice.js';
import { Page } from './page.js';
import { HotspotPanel } from './panel/panel.js';
import { RankingList } from './ranking/ranking.js';
import { language as known, readView, roundedCamera, writeView } from './state.js';
import { TEXTS } from './texts.js';
import { ThemePicker } from './themes/themes.js';
import { WeekPicker } from './weeks/weeks.js';

const LANGUAGE_KEY = 'hotspot.language';
/** A view is written to the address this long after the map came to rest. */
const REST_MS = 300;

const api = new Api(document.baseURI);

/** @type {View} */
let view = readView(location.hash);
/** @type {readonly Edition[]} */
let weeks = [];
/** @type {Week | null} */
let week = null;
/** @type {Map<string, {row: Row, group: ThemeGroup}>} */
let rows = new Map();
/** What the map draws, as its areas say. @type {{readonly vintage: number, readonly schematic: boolean} | null} */
let drawn = null;
let rest = 0;

const themePicker = new ThemePicker((theme) => change({ theme, hotspot: null }));
// A hotspot keeps its id through the weeks: what is chosen stays chosen, and is shown in each week that lists it.
const weekPicker = new WeekPicker((chosen) => change({ week: chosen }));
const languageSwitch = new LanguageSwitch((chosen) => {
    remember(chosen);
    change({ language: chosen });
});
const list = new RankingList((id) => open(id), point);
const panel = new HotspotPanel(() => close());
const legend = new Legend();
const map = new HotspotMap({ choose: chosenOnMap, point, move: moved, besides: () => legend.width_px });
const notice = new Notice();
const page = new Page();
// Where the legend is folded, on a small screen, the list says how often each grade errs.
const promises = element('div', 'sure');
page.heads.append(languageSwitch.element);
page.choices.append(themePicker.element, weekPicker.element);
page.scroll.append(notice.element, list.element, promises);
page.stage.prepend(map.element, legend.element, panel.element);

/** @returns {Language} */
function spoken() {
    const wanted = view.language ?? known(remembered());
    return wanted ?? (navigator.language.toLowerCase().startsWith('nl') ? 'nl' : 'en');
}

function remembered() {
    try {
        return localStorage.getItem(LANGUAGE_KEY);
    } catch {
        // A browser may forbid a page to remember anything.
        return null;
    }
}

/** @param {Language} language */
function remember(language) {
    try {
        localStorage.setItem(LANGUAGE_KEY, language);
    } catch {
        // As above: the address still holds the language.
    }
}

/** @param {Partial<View>} changes */
function change(changes) {
    const before = view;
    view = Object.freeze({ ...view, ...changes });
    history.pushState(null, '', writeView(view));
    showChange(before);
}

/** @param {View} before */
function showChange(before) {
    if (view.week !== before.week) void showWeek();
    else render();
}

/** Fetch the chosen week, or the latest, and show it. */
async function showWeek() {
    const edition = weeks.find((published) => published.week === view.week) ?? weeks[0];
    if (edition === undefined) {
        showStatic();
        const texts = TEXTS[spoken()];
        notice.show(texts.nothingPublished, texts.nothingPublishedWhy);
        return;
    }
    page.busy(true);
    try {
        week = await api.week(edition);
        notice.hide();
        if (view.week !== null && view.week !== edition.week) notice.show(TEXTS[spoken()].unknownWeek(view.week), '');
        render();
    } catch (error) {
        // A newer request has taken over.
        if (error instanceof DOMException && error.name === 'AbortError') return;
        fail(error, () => void showWeek());
    }
    page.busy(false);
}

/** What depends on the language alone. */
function showStatic() {
    const language = spoken();
    page.show(language, week?.ranking.municipality.name);
    languageSwitch.show(language);
}

function render() {
    showStatic();
    if (week === null) return;
    const language = spoken();
    const { ranking } = week;
    const all = groups(week, null, language);
    // A theme that this week does not have is no choice.
    const theme = all.some((group) => group.theme === view.theme) ? view.theme : null;
    const shown = theme === null ? all : groups(week, theme, language);
    const ordered = shown.flatMap((group) => group.rows.map((row) => ({ row, group })));
    rows = new Map(ordered.map((entry) => [entry.row.hotspot.id, entry]));
    themePicker.show(all, theme, language);
    weekPicker.show(weeks, ranking.week, language);
    // What there is to see comes before what there is not.
    const fullFirst = [...shown].sort((one, other) => Number(other.rows.length > 0) - Number(one.rows.length > 0));
    list.show(fullFirst, { language, compared: isCompared() });
    legend.show(shown, ranking, language);
    showFacts(ordered.map(({ row }) => row), language);
    const texts = TEXTS[language];
    const { vintage, source, schematic } = ranking.boundaries;
    // The strongest of all themes lie on top of each other's badges.
    map.show(ordered.map(({ row }) => row).sort((one, other) => one.hotspot.rank - other.hotspot.rank), {
        language,
        // The map shows the boundaries of today, which an older week may not have been made with.
        credit:
            drawn === null || drawn.vintage === vintage
                ? texts.boundaries(source, vintage)
                : texts.otherBoundaries(drawn.vintage, vintage),
        warning: (drawn?.schematic ?? schematic) ? texts.schematic : '',
        name: ranking.week,
    });
    showChosen();
}

/** Whether the week before is published as well, so that `new` means something. */
function isCompared() {
    if (week === null) return false;
    const before = weekBefore(week.ranking.week);
    return (
        weeks.some((published) => published.week === before) ||
        week.hotspots.some(({ previous_rank }) => previous_rank !== null)
    );
}

/**
 * @param {Row[]} shown
 * @param {Language} language
 */
function showFacts(shown, language) {
    if (week === null) return;
    const texts = TEXTS[language];
    const { window_start, window_end, published_at, edition, grades } = week.ranking;
    const sure = shown.filter(({ hotspot }) => hotspot.grade === 'confirmed').length;
    const byGrade = texts.byGrade(number(sure, language), number(shown.length - sure, language));
    const parts = [
        element('strong', '', texts.hotspots(shown.length)),
        ...(shown.length === 0 ? [] : [element('span', 'results-grades', byGrade)]),
        texts.lookedAt(period(window_start, window_end, language)),
    ];
    page.results.replaceChildren(...parts);
    const sentences = grades === undefined ? [] : [grades.confirmed[language], grades.likely[language]];
    promises.replaceChildren(...sentences.map((sentence) => element('p', '', sentence)));
    page.foot.textContent = texts.published(moment(published_at, language), edition);
}

/** Show or hide the panel, as the view says. */
function showChosen() {
    const entry = view.hotspot === null ? undefined : rows.get(view.hotspot);
    list.choose(entry?.row.hotspot.id ?? null);
    map.choose(entry?.row ?? null);
    if (entry === undefined || week === null) {
        panel.hide();
        return;
    }
    const { id } = entry.row.hotspot;
    panel.show(entry.row, {
        language: spoken(),
        ranking: week.ranking,
        theme: entry.group.label,
        compared: isCompared(),
        href: api.hotspotHref(id, week.ranking.week),
    });
}

/** @param {string} id */
function open(id) {
    change({ hotspot: id });
    const entry = rows.get(id);
    if (entry !== undefined) map.flyTo(entry.row, covered());
    panel.focus();
}

/** How much of the map the panel covers: its right side on a wide screen, its lower side on a narrow one. */
function covered() {
    const over = panel.element.getBoundingClientRect();
    const under = map.element.getBoundingClientRect();
    if (over.width < under.width * 0.9) return { right_px: under.right - over.left, bottom_px: 0 };
    return { right_px: 0, bottom_px: Math.max(0, under.bottom - over.top) };
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
}

/** @param {import('./types.d.ts').Camera} camera */
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
    const texts = TEXTS[spoken()];
    const explanation = error instanceof Problem ? error.message : texts.unreachable;
    page.results.textContent = '';
    notice.show(texts.failed, explanation, { text: texts.retry, act: again });
    if (!(error instanceof Problem || error instanceof TypeError)) throw error;
}

/** The map library comes out of the installed pydeck wheel; the list does not wait for it. */
async function mapLibrary() {
    const script = element('script', '');
    script.src = new URL('deck.js', import.meta.url).href;
    await new Promise((resolve, reject) => {
        script.addEventListener('load', resolve);
        script.addEventListener('error', reject);
        document.head.append(script);
    });
    return /** @type {{deck: DeckLibrary}} */ (/** @type {unknown} */ (globalThis)).deck;
}

async function startMap() {
    const fetched = api.neighbourhoods();
    // The list is on the screen before the browser is kept busy with the map library.
    await Promise.allSettled([fetched, startList()]);
    await new Promise((resolve) => setTimeout(resolve));
    try {
        const areas = await fetched;
        drawn = areas[0]?.properties ?? null;
        map.start(await mapLibrary(), areas, view.camera);
        const entry = view.hotspot === null ? undefined : rows.get(view.hotspot);
        if (view.camera === null && entry !== undefined) map.flyTo(entry.row, covered());
    } catch (error) {
        map.refuse(TEXTS[spoken()].mapFailed);
        throw error;
    }
}

async function startList() {
    showStatic();
    page.results.textContent = TEXTS[spoken()].loading;
    try {
        weeks = await api.weeks();
    } catch (error) {
        fail(error, () => void startList());
        return;
    }
    await showWeek();
}

window.addEventListener('popstate', () => {
    const before = view;
    view = readView(location.hash);
    showChange(before);
    if (view.camera !== null) map.look(view.camera);
});

void startMap();
