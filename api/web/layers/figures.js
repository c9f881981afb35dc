/** From what the service tells of neighbourhoods, squares and incidents to what the map draws and the legend says. Pure. */

/** @import {AreaFigure, Hotspot, Language, Position, Week} from '../types.d.ts' */
/** @import {AreaColumns, Before, FigureRow, Figures, IncidentPoints, Incidents, Pile, Surface, SurfaceColumns} from '../map/drawing.d.ts' */
import { expectedCount, number, period, times } from '../format.js';
import { surfaceOf } from '../map/surface.js';
import { CHANGE_COLOURS, RATE_COLOURS, around, upwards } from '../style.js';
import { TEXTS } from '../texts.js';

/** Stands where there is no figure. */
const ABSENT = '–';
/** A change of one incident is the smallest there is. */
const LEAST_CHANGE = 1;

/**
 * @param {AreaColumns} columns
 * @param {AreaFigure} kind
 * @param {{language: Language, theme: string}} how `theme` as people read it
 * @returns {Figures} all of them absent where the level is told no figures, or the week has none
 */
export function figuresOf({ areas, week, before }, kind, { language, theme }) {
    const texts = TEXTS[language].layers;
    const given = kind === 'rate' ? areas.rate : areas.change_1;
    const column = given ?? areas.code.map(() => null);
    const values = new Map(areas.code.map((code, place) => [code, column[place] ?? null]));
    const scale = kind === 'rate' ? upwards(column, RATE_COLOURS) : around(column, CHANGE_COLOURS, LEAST_CHANGE);
    const write = (/** @type {number} */ value) => (kind === 'rate' ? number(value, language, 1) : signed(value, language));
    const known = [...values].flatMap(([code, value]) => (value === null ? [] : [/** @type {const} */ ([code, value])]));
    const rows = areas.code.map((_, place) => rowOf(areas, place, language));
    const told = known.map(([code, value]) => {
        const place = areas.code.indexOf(code);
        return /** @type {const} */ ([code, toldOf({ areas, place, value, kind, before: before.week_1 }, language)]);
    });
    return {
        kind,
        heading: {
            title: texts.ofTheme(theme, texts.inWeek(weekNumber(week))),
            unit:
                given === undefined
                    ? texts.figuresRefused
                    : kind === 'rate'
                      ? texts.rateUnit
                      : texts.changeUnit(weekNumber(before.week_1)),
        },
        scale,
        rows,
        values,
        written: new Map(known.map(([code, value]) => [code, write(value)])),
        told: new Map(told),
    };
}

/**
 * @param {AreaColumns['areas']} areas
 * @param {number} place
 * @param {Language} language
 * @returns {FigureRow}
 */
function rowOf({ code, name, observed, rate, change_1 }, place, language) {
    const [counted, share, change] = [observed?.[place] ?? null, rate?.[place] ?? null, change_1?.[place] ?? null];
    return {
        code: code[place] ?? '',
        name: name[place] ?? '',
        observed: counted === null ? ABSENT : number(counted, language),
        rate: share === null ? ABSENT : number(share, language, 1),
        change: change === null ? ABSENT : signed(change, language),
    };
}

/**
 * @param {{areas: AreaColumns['areas'], place: number, value: number, kind: AreaFigure, before: string | null}} of
 * @param {Language} language
 */
function toldOf({ areas, place, value, kind, before }, language) {
    const texts = TEXTS[language];
    const observed = areas.observed?.[place] ?? null;
    const expected = areas.expected?.[place] ?? null;
    const counted = observed === null ? [] : [texts.incidents(number(observed, language))];
    const against = expected === null ? [] : [texts.expectedCount(expectedCount(expected, language))];
    const figure =
        kind === 'rate'
            ? `${number(value, language, 1)} ${texts.layers.perThousand}`
            : texts.layers.changeOf(signed(value, language), weekNumber(before));
    return [figure, [...counted, ...against].join(', ')].filter((line) => line !== '');
}

/**
 * @param {SurfaceColumns} columns
 * @param {{language: Language, theme: string}} how
 * @returns {Surface | null}
 */
export function densityOf(columns, { language, theme }) {
    const texts = TEXTS[language].layers;
    const { window_start, window_end, grid, squares } = columns;
    const when = window_start === null || window_end === null ? '' : period(window_start, window_end, language);
    const size = grid === null ? '' : number(grid.size_m, language);
    return surfaceOf(columns, {
        heading: { title: texts.ofTheme(theme, when), unit: `${texts.perSquareKm}, ${texts.squareSize(size)}` },
        told: (place) => {
            const ratio = squares.ratio[place] ?? null;
            const density = texts.densityOf(number(squares.density_per_km2[place] ?? 0, language, 1));
            return ratio === null ? [density] : [density, texts.timesTheMean(times(ratio, language))];
        },
    });
}

/**
 * @param {Week} earlier the week before
 * @param {Week} now
 * @param {{language: Language, theme: string | null}} how only this theme; all where absent
 * @returns {Before}
 */
export function beforeOf(earlier, now, { language, theme }) {
    const texts = TEXTS[language];
    const listed = new Set(now.hotspots.map(({ id }) => id));
    const hotspots = earlier.hotspots.filter((hotspot) => theme === null || hotspot.theme === theme);
    const gone = new Set(hotspots.map(({ id }) => id).filter((id) => !listed.has(id)));
    const label = (/** @type {Hotspot} */ hotspot) => now.ranking.labels[hotspot.theme]?.[language] ?? hotspot.theme;
    return {
        week: earlier.ranking.week,
        hotspots,
        gone,
        told: (hotspot) => [
            texts.rankOf(number(hotspot.rank, language), label(hotspot)),
            texts.layers.wasListed(weekNumber(earlier.ranking.week)),
            ...(gone.has(hotspot.id) ? [texts.layers.isGone] : []),
        ],
    };
}

/**
 * Incidents with the same coordinate are one dot, the larger ones below.
 *
 * @param {IncidentPoints} points
 * @param {Language} language
 * @returns {Incidents}
 */
export function incidentsOf({ positions, all }, language) {
    return {
        piles: piles(positions),
        all,
        told: ({ count }) => [TEXTS[language].layers.pileOf(number(count, language))],
    };
}

/**
 * @param {readonly Position[]} positions
 * @returns {Pile[]}
 */
export function piles(positions) {
    /** @type {Map<string, {position: Position, count: number}>} */
    const found = new Map();
    for (const position of positions) {
        const there = found.get(position.join());
        if (there === undefined) found.set(position.join(), { position, count: 1 });
        else there.count += 1;
    }
    return [...found.values()].sort((one, other) => other.count - one.count);
}

/**
 * A difference with its sign.
 *
 * @param {number} value
 * @param {Language} language
 */
export function signed(value, language) {
    if (value === 0) return number(0, language);
    return `${value > 0 ? '+' : '−'}${number(Math.abs(value), language, 1)}`;
}

/** @param {string | null} week such as `2010-W30` */
function weekNumber(week) {
    return week === null ? ABSENT : String(Number(week.slice(6)));
}
