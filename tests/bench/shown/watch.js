/** Run before the page's own scripts: notes when things are first on the screen, and what lasts too long. */
(() => {
    const seen = { row: null, sketched: null, drawn: null };
    /** @type {{start: number, duration: number}[]} */
    const tasks = [];
    new PerformanceObserver((list) => {
        for (const { startTime, duration } of list.getEntries()) tasks.push({ start: startTime, duration });
    }).observe({ type: 'longtask', buffered: true });

    const look = () => {
        if (seen.row === null && document.querySelector('.row') !== null) seen.row = performance.now();
        const { sketched, drawn } = document.querySelector('.map')?.dataset ?? {};
        if (seen.sketched === null && sketched) seen.sketched = performance.now();
        if (seen.drawn === null && drawn) seen.drawn = performance.now();
        if (seen.row !== null && seen.drawn !== null) watcher.disconnect();
    };
    const watcher = new MutationObserver(look);
    watcher.observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-sketched', 'data-drawn'] });

    /** The list as far as it tells one week from another. */
    const rows = document.getElementsByClassName('row');
    const list = () => [0, 1, 2, 3, 4, 5].map((place) => rows[place]?.textContent).join('|');
    const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))));

    /** Buffers and textures that the graphics card holds for the page. */
    const held = { buffers: new Set(), textures: new Set() };
    const kind = WebGL2RenderingContext.prototype;
    for (const [what, made] of /** @type {const} */ ([['buffers', 'Buffer'], ['textures', 'Texture']])) {
        const { [`create${made}`]: create, [`delete${made}`]: remove } = kind;
        kind[`create${made}`] = function () {
            const one = create.call(this);
            held[what].add(one);
            return one;
        };
        kind[`delete${made}`] = function (one) {
            held[what].delete(one);
            return remove.call(this, one);
        };
    }

    globalThis.watched = Object.freeze({
        seen: () => ({ ...seen }),
        now: () => performance.now(),
        tasksSince: (start) => tasks.filter((task) => task.start >= start),
        held: () => ({ buffers: held.buffers.size, textures: held.textures.size }),

        /** Follow a link within the page; gives the milliseconds until its list is on the screen. */
        untilListed: async (hash) => {
            const before = list();
            const start = performance.now();
            location.hash = hash;
            const limit = start + 20000;
            // Once a frame: to look more often would take time from what is measured.
            let now = start;
            while (list() === before || document.querySelector('main.busy') !== null) {
                if (now > limit) throw new Error(`the list stays as it was: ${hash}`);
                now = await painted();
            }
            return now - start;
        },
        painted,
    });
})();
