/** Reads for the panel: asks for what it tells beside the list, and hands it over. */

/** @import {App, Entry, Me, Part, Shown} from '../types.d.ts' */
/** @import {Context, File, Filled, NewNote, NotesFilled} from './types.js' */
import { isAborted } from '../asking.js';
import { save } from '../download/save.js';
import { placeName } from '../groups.js';
import { isKept } from '../notes/draft.js';
import { Drafts } from '../notes/drafts.js';
import { mayNote } from '../notes/notes.js';
import { Problem } from '../problem.js';
import { writeView } from '../state.js';
import { TEXTS } from '../texts.js';
import { HotspotPanel } from './panel.js';
import { Details } from './reading.js';

/** @type {Filled & NotesFilled} */
const LOADING = Object.freeze({ state: 'loading' });

/**
 * @param {App} app
 * @returns {Part & {readonly element: HTMLElement, focus(): void}}
 */
export function readerPart(app) {
    const part = new PanelPart(app);
    app.page.stage.append(part.element);
    return part;
}

class PanelPart {
    #app;
    #details;
    #panel;
    /** @type {Me | null} */
    #me = null;
    /** Of what the evidence is. */
    #key = '';
    /** Of what the notes are. */
    #notesOf = '';
    /** @type {Filled} */
    #filled = LOADING;
    /** @type {NotesFilled} */
    #notes = LOADING;
    /** @type {AbortController | null} */
    #notesRunning = null;
    /** Notes that may have been kept though nothing was heard of them, and how many there were before. @type {Map<string, {note: NewNote, before: number}>} */
    #unsure = new Map();

    /** @param {App} app */
    constructor(app) {
        this.#app = app;
        this.#details = new Details((id, week, signal) => app.api.hotspot(id, week, signal));
        this.#panel = new HotspotPanel(new Drafts(storage()), {
            close: () => app.close(),
            again: () => this.#reread(),
            open: (id) => openNearby(app, id),
            save: (file) => void fetched(app, file),
            notes: { send: (id, note) => void this.#send(id, note), again: () => this.#rereadNotes() },
        });
    }

    get element() {
        return this.#panel.element;
    }

    focus() {
        this.#panel.focus();
    }

    /** @param {Shown} shown */
    show({ chosen, me }) {
        if (me !== this.#me) this.#meet(me);
        if (chosen === null) {
            this.#details.giveUp();
            this.#key = '';
            this.#panel.hide();
            return;
        }
        this.#readNotes(chosen.row.hotspot.id);
        this.#read(chosen);
        this.#tell();
    }

    /**
     * Who reads: known a moment after the page was opened, or another, who may be told more or less.
     *
     * @param {Me | null} me
     */
    #meet(me) {
        const before = this.#me;
        this.#me = me;
        if (before === null || JSON.stringify(before) === JSON.stringify(me)) return;
        this.#details.forget();
        this.#key = '';
        this.#notesOf = '';
    }

    #tell() {
        const shown = this.#app.shown();
        if (shown === null || shown.chosen === null) return;
        const { row, group } = shown.chosen;
        this.#panel.show({
            ...{ row, filled: this.#filled, notes: this.#notes, now_ms: Date.now() },
            context: context(shown, shown.chosen, this.#app),
            last: Math.max(...group.rows.map(({ hotspot }) => hotspot.rank), row.hotspot.rank),
            saves: shown.me !== null && shown.me.access === 'controlled' && shown.me.level !== 'open',
        });
    }

    /** @param {Entry} entry */
    #read({ row: { hotspot } }) {
        const ranking = this.#app.shown()?.week.ranking;
        if (ranking === undefined) return;
        const edition = `${ranking.week}/${ranking.edition}`;
        const key = `${hotspot.id}/${edition}`;
        if (key === this.#key) return;
        this.#key = key;
        const kept = this.#details.kept(hotspot.id, edition);
        this.#filled = kept === null ? LOADING : { state: 'told', detail: kept };
        if (kept === null) void this.#fill(hotspot.id, ranking.week, edition);
        else this.#details.giveUp();
    }

    /**
     * @param {string} id
     * @param {string} week
     * @param {string} edition
     */
    async #fill(id, week, edition) {
        const key = `${id}/${edition}`;
        /** @type {Filled} */
        let filled;
        try {
            filled = { state: 'told', detail: await this.#details.read(id, week, edition) };
        } catch (error) {
            if (isAborted(error)) return;
            filled = { state: 'failed', message: this.#explained(error) };
        }
        // Meanwhile something else may have been chosen.
        if (key !== this.#key) return;
        this.#filled = filled;
        this.#tell();
    }

    #reread() {
        const shown = this.#app.shown();
        if (shown === null || shown.chosen === null) return;
        this.#key = '';
        this.#read(shown.chosen);
        this.#tell();
        this.focus();
    }

    /** @param {string} id */
    #readNotes(id) {
        if (!mayNote(this.#me)) {
            this.#notes = { state: 'none' };
            return;
        }
        if (id === this.#notesOf) return;
        this.#notesOf = id;
        this.#notes = LOADING;
        void this.#fillNotes(id);
    }

    /** @param {string} id */
    async #fillNotes(id) {
        this.#notesRunning?.abort();
        this.#notesRunning = new AbortController();
        /** @type {NotesFilled} */
        let filled;
        try {
            filled = { state: 'told', dossier: await this.#app.api.notes(id, this.#notesRunning.signal) };
        } catch (error) {
            if (isAborted(error)) return;
            filled = { state: 'failed', message: this.#explained(error) };
        }
        if (id !== this.#notesOf) return;
        this.#notes = filled;
        this.#tell();
    }

    #rereadNotes() {
        const id = this.#notesOf;
        this.#notes = LOADING;
        this.#tell();
        void this.#fillNotes(id);
    }

    /**
     * @param {string} id
     * @param {NewNote} note
     */
    async #send(id, note) {
        const { notes } = this.#panel;
        const before = this.#notes.state === 'told' ? this.#notes.dossier.notes.length : 0;
        try {
            const dossier = (await this.#keptBefore(id, note)) ?? (await this.#app.api.addNote(id, note));
            this.#unsure.delete(id);
            // What the service keeps is shown before the form is emptied.
            if (id === this.#notesOf) this.#notes = { state: 'told', dossier };
            notes.sending(id, { state: 'sent' });
            this.#tell();
        } catch (error) {
            // Only a refusal says that nothing was kept: what fails after that may have failed on its way back.
            const isRefused = error instanceof Problem && error.status < 500;
            if (!isRefused && !this.#unsure.has(id)) this.#unsure.set(id, { note, before });
            notes.sending(id, { state: 'failed', message: this.#whyNotSent(error) });
        }
    }

    /**
     * After a broken connection: the notes, if the one that was sent is among them.
     *
     * @param {string} id
     * @param {NewNote} note
     */
    async #keptBefore(id, note) {
        const earlier = this.#unsure.get(id);
        if (earlier === undefined) return null;
        const dossier = await this.#app.api.notes(id);
        this.#unsure.delete(id);
        return isKept(dossier, note, earlier.before) ? dossier : null;
    }

    /** @param {unknown} error */
    #whyNotSent(error) {
        const texts = TEXTS[this.#app.language()];
        if (!(error instanceof Problem)) return texts.noteUnreachable;
        if (error.status === 401) return texts.noteExpired;
        if (error.status === 403) return texts.noteForbidden;
        return texts.noteRefused(error.message);
    }

    /** @param {unknown} error */
    #explained(error) {
        const texts = TEXTS[this.#app.language()];
        if (error instanceof Problem) return error.message;
        if (error instanceof TypeError) return texts.unreachable;
        throw error;
    }
}

/** What a tab remembers, where the browser lets it. */
function storage() {
    try {
        return sessionStorage;
    } catch {
        return null;
    }
}

/**
 * @param {Shown} shown
 * @param {Entry} chosen
 * @param {App} app
 * @returns {Context}
 */
function context(shown, { row, group }, { api, view }) {
    const { language, week, selection, me, compared } = shown;
    const { ranking } = week;
    const { id, neighbourhood } = row.hotspot;
    const place = encodeURIComponent(id);
    const file = (/** @type {File['what']} */ what, /** @type {string} */ path, /** @type {string} */ name) => ({
        ...{ what, path, name, href: api.href(path) },
    });
    const area = neighbourhood === null ? '' : `&area=${encodeURIComponent(neighbourhood)}`;
    const briefing = `v1/rankings/${ranking.week}?f=pdf${area}&lang=${language}`;
    return {
        ...{ language, ranking, compared, me, theme: group.label },
        weekHref: (other) => writeView({ ...view(), week: other, hotspot: id }),
        nameOf: (other) => {
            const entry = selection.all.get(other);
            return entry === undefined ? null : `${entry.row.sign} ${placeName(entry.row.hotspot, language)}`;
        },
        files: [
            file('briefing', briefing, `briefing-${ranking.week}-${neighbourhood ?? 'all'}.pdf`),
            file('geojson', api.hotspotPath(id, ranking.week), `${id}-${ranking.week}.geojson`),
            file('geojsonAll', `v1/hotspots/${place}?f=geojson`, `${id}.geojson`),
            file('history', `v1/hotspots/${place}`, `${id}.json`),
        ],
    };
}

/**
 * Another hotspot may be hidden by the filters: they give way.
 *
 * @param {App} app
 * @param {string} id
 */
function openNearby(app, id) {
    const isShown = app.shown()?.selection.rows.some(({ hotspot }) => hotspot.id === id) ?? false;
    if (!isShown) app.change({ theme: null, area: null, lifecycle: null, changed: false, hotspot: id });
    app.open(id);
}

/**
 * Fetch a file as whoever signed in, and hand it to the browser.
 *
 * @param {App} app
 * @param {File} file
 */
async function fetched(app, { path, name }) {
    try {
        save(await app.api.file(path), name);
    } catch (error) {
        app.fail(error, () => void fetched(app, { path, name, href: '', what: 'geojson' }));
    }
}
