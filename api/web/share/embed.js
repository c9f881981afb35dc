/** The page within another page: the map, what it shows, and the way to the whole page. */

/** @import {App, Part} from '../types.d.ts' */
import { element } from '../element.js';
import { TEXTS } from '../texts.js';
import { weekDays, weekTitle } from '../weeks/name.js';

/**
 * @param {App} app
 * @returns {Part}
 */
export function embedPart(app) {
    const title = element('strong', '');
    const facts = element('span', 'embed-facts');
    const link = element('a', '');
    link.target = '_blank';
    link.rel = 'noopener';
    document.documentElement.classList.add('embedded');
    // What stands in the way is said where the list would be; there is none here.
    app.page.stage.append(...app.page.scroll.querySelectorAll('.notice'));
    app.page.stage.append(element('div', 'embed-line', element('p', '', title, facts), link));
    return {
        show({ language, week, selection }) {
            const texts = TEXTS[language];
            const { ranking } = week;
            title.textContent = ranking.municipality.name;
            const count = texts.hotspots(selection.rows.length);
            facts.textContent = `${count}, ${weekTitle(ranking.week, language).toLowerCase()} (${weekDays(ranking.week, language)})`;
            link.textContent = texts.wholePage;
            link.href = app.link({ language });
        },
    };
}
