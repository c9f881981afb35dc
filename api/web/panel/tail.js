/** Where it lies, what it consists of, in which weeks it was listed, and its files. */

/** @import {Context, Detail, Evidence, File} from './types.js' */
import { element } from '../element.js';
import { number, percentage } from '../format.js';
import { labelOf } from '../groups.js';
import { TEXTS } from '../texts.js';

/**
 * @param {Evidence} evidence
 * @param {Context} context
 */
export function makeUp({ neighbourhoods = [], subthemes = {} }, { language, ranking }) {
    const texts = TEXTS[language];
    const areas = neighbourhoods.map(({ name, share }) =>
        line(name, share === undefined ? '' : percentage(share, language), share),
    );
    const counts = Object.entries(subthemes).sort(([, one], [, other]) => other - one);
    const most = Math.max(1, ...counts.map(([, count]) => count));
    const kinds = counts.map(([name, count]) =>
        line(labelOf(name, language, ranking.labels[name]), number(count, language), count / most),
    );
    return [
        ...(areas.length === 0 ? [] : [element('h3', '', texts.neighbourhoods), element('ul', 'panel-lines', ...areas)]),
        ...(kinds.length === 0 ? [] : [element('h3', '', texts.subthemes), element('ul', 'panel-lines', ...kinds)]),
    ];
}

/**
 * @param {string} name
 * @param {string} figure
 * @param {number | undefined} share of the width, as a quiet bar
 */
function line(name, figure, share) {
    const made = element('li', '', element('span', '', name), element('span', 'figure', figure));
    if (share !== undefined) {
        const bar = element('span', 'panel-share');
        bar.style.width = `${Math.min(100, 100 * share)}%`;
        made.append(bar);
    }
    return made;
}

/** More weeks than this are folded. */
const WEEKS_OPEN = 8;

/**
 * Each week that listed it, the latest first, with the way there.
 *
 * @param {Detail} detail
 * @param {Context} context
 */
export function listedWeeks({ history: weeks }, { language, ranking, weekHref }) {
    if (weeks.length === 0) return [];
    const texts = TEXTS[language];
    const lines = weeks.map(({ week, rank, observed }) => {
        const link = element('a', '', texts.weekShort(String(Number(week.slice(6))), week.slice(0, 4)));
        // The whole address: what begins with # is a place on the page, and axe takes it for a skip link.
        link.href = new URL(weekHref(week), document.baseURI).href;
        if (week === ranking.week) link.setAttribute('aria-current', 'true');
        const counted = observed === undefined ? '' : texts.incidents(number(observed, language));
        const place = element('span', 'history-rank', texts.rankShort(number(rank, language)));
        return element('li', '', link, place, element('span', 'figure-quiet', counted));
    });
    const heading = element('h3', '', texts.history);
    const said = element('p', 'panel-said', texts.historySaid(number(weeks.length, language), weeks.length === 1));
    const first = element('ol', 'history', ...lines.slice(0, WEEKS_OPEN));
    if (lines.length <= WEEKS_OPEN) return [heading, said, first];
    const rest = element('details', 'history-more', element('summary', '', texts.historyMore(number(lines.length - WEEKS_OPEN, language))));
    rest.append(element('ol', 'history', ...lines.slice(WEEKS_OPEN)));
    return [heading, said, first, rest];
}

/**
 * @param {Context} context
 * @param {((file: File) => void) | null} save where a link could not carry the sign-in
 */
export function files({ files: all, language }, save) {
    const texts = TEXTS[language];
    const lines = all.map((file) => {
        const link = element('a', '', texts.files[file.what]);
        link.href = file.href;
        if (file.what !== 'history') link.download = file.name;
        if (save !== null) {
            link.addEventListener('click', (event) => {
                event.preventDefault();
                save(file);
            });
        }
        return element('li', '', link);
    });
    return [element('h3', '', texts.filesTitle), element('ul', 'panel-files', ...lines)];
}
