/** The time line on the page. */

/** @import {App, Part} from '../types.d.ts' */
import { TEXTS } from '../texts.js';
import { weekTitle } from './name.js';
import { Timeline } from './timeline.js';

/**
 * @param {App} app
 * @returns {Part}
 */
export function weeksPart(app) {
    // A hotspot keeps its id through the weeks: what is chosen stays chosen, and is shown in each week that lists it.
    const timeline = new Timeline((week, how) => app.change({ week }, how));
    app.page.timeline.append(timeline.element);
    let said = '';
    return {
        show({ weeks, week, language, selection }) {
            const name = week.ranking.week;
            timeline.show(weeks, { week: name, hotspots: selection.total }, language);
            // Those who do not see the list change are told that it did; what they open first is no change.
            if (said !== '' && said !== name) {
                const texts = TEXTS[language];
                app.announce(texts.announceWeek(weekTitle(name, language), texts.hotspots(selection.rows.length)));
            }
            said = name;
        },
    };
}
