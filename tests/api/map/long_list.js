/**
 * The list of the page, given hotspots that no service has: those of these ids, in this order.
 *
 * @param {string} at where the page's modules are
 */
async (at) => {
    const { RankingList } = await import(`${at}web/ranking/ranking.js`);
    const list = new RankingList(() => {}, () => {});
    document.querySelector('.ranking').replaceWith(list.element);
    const hotspot = (id, place) => ({
        ...{ id, theme: 'theft', kind: 'acute', grade: 'confirmed', rank: place + 1, previous_rank: null, event: 'new' },
        ...{ rank_lower: null, rank_upper: null, observed: 5, previous_observed: null, expected: 1, relative_risk: 5 },
        ...{ lifecycle: null, peak: null, pile_up: false, too_little_data: false, neighbourhood_name: id, neighbourhoods: [] },
    });
    globalThis.longList = (ids) => {
        const rows = ids.map((id, place) => ({ hotspot: hotspot(id, place), sign: id, colour: [0, 0, 0] }));
        const theme = { theme: 'theft', label: 'Theft', letter: '', colour: [0, 0, 0], outcome: { state: 'hotspots' }, rows };
        list.show([theme], { language: 'en', compared: true, changed: false, filtered: false });
    };
};
