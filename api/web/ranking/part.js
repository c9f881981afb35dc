/** The list, and what is said above and below it. */

/** @import {App, Part, Shown} from '../types.d.ts' */
import { element } from '../element.js';
import { moment, number, period } from '../format.js';
import { TEXTS } from '../texts.js';
import { goneLines, noneLeft } from './nothing.js';
import { RankingList } from './ranking.js';

/**
 * @param {App} app
 * @returns {Part & {focus(id: string): void, light(id: string | null): void}}
 */
export function listPart(app) {
    const list = new RankingList((id) => app.open(id), (id) => app.point(id));
    const instead = element('div', 'ranking-instead');
    const gone = element('div', 'ranking-gone');
    // Where the legend is folded, on a small screen, the list says how often each grade errs.
    const promises = element('div', 'sure');
    app.page.scroll.append(instead, list.element, gone, promises);
    /** @type {unknown[]} */
    let drawn = [];
    const clear = () => app.change({ theme: null, area: null, lifecycle: null, changed: false });
    /** @param {Shown} shown */
    const draw = (shown) => {
        const { language, selection, compared, week } = shown;
        const { rows, on, total } = selection;
        const { grades, published_at, edition } = week.ranking;
        // A theme alone is no filter that hides anything: what is said of the theme is said of it as a whole.
        const filtered = on.some((name) => name !== 'theme');
        // What there is to see comes before what there is not.
        const fullFirst = [...selection.groups].sort(
            (one, other) => Number(other.rows.length > 0) - Number(one.rows.length > 0),
        );
        list.show(fullFirst, { language, compared, changed: shown.view.changed, filtered });
        const isEmpty = filtered && rows.length === 0;
        const isUnchanged = on.length === 1 && shown.view.changed;
        instead.replaceChildren(...(isEmpty ? [noneLeft(total, { language, isUnchanged, clear })] : []));
        gone.replaceChildren(
            ...(selection.gone.length === 0 ? [] : [goneLines(selection.gone, { language, ranking: week.ranking })]),
        );
        app.page.results.replaceChildren(...results(shown));
        const sentences = grades === undefined ? [] : [grades.confirmed[language], grades.likely[language]];
        promises.replaceChildren(...sentences.map((sentence) => element('p', '', sentence)));
        app.page.foot.textContent = TEXTS[language].published(moment(published_at, language), edition);
    };
    return {
        show(shown) {
            const { language, selection, compared, chosen } = shown;
            const asked = [selection, language, compared];
            // When a panel opens the list stays as it is.
            if (asked.some((one, place) => one !== drawn[place])) draw(shown);
            drawn = asked;
            list.choose(chosen?.row.hotspot.id ?? null);
        },
        focus: (id) => list.focus(id),
        light: (id) => list.light(id),
    };
}

/** @param {Shown} shown */
function results({ language, selection, week, view }) {
    const texts = TEXTS[language];
    const { rows, total } = selection;
    const { window_start, window_end } = week.ranking;
    const sure = rows.filter(({ hotspot }) => hotspot.grade === 'confirmed').length;
    const byGrade = texts.byGrade(number(sure, language), number(rows.length - sure, language));
    const isPart = rows.length < total;
    const count = isPart
        ? texts.resultsOf(number(rows.length, language), number(total, language))
        : texts.hotspots(rows.length);
    const lifecycle = /** @type {keyof typeof texts.lifecyclesWhy | null} */ (view.lifecycle);
    const why = lifecycle === null ? undefined : texts.lifecyclesWhy[lifecycle];
    return [
        element('strong', '', count),
        ...(rows.length === 0 ? [] : [element('span', 'results-grades', byGrade)]),
        element('span', '', texts.lookedAt(period(window_start, window_end, language))),
        ...(why === undefined ? [] : [element('span', 'results-why', why)]),
    ];
}
