/** How old an open action is, and whether it is late. Pure: today is an argument. */

/** @import {Dossier} from '../panel/types.js' */

const DAY_MS = 86_400_000;
/** From so many days without an end an action is old. */
const OLD_DAYS = 28;

/**
 * The open action: since when, for how many days, and how late.
 *
 * @param {Dossier} dossier
 * @param {number} now_ms
 * @returns {{days: number, late_days: number, since: string} | null} nothing where none is open
 */
export function openAction({ action, notes }, now_ms) {
    if (action === null || action.status === 'closed') return null;
    const acting = notes.filter((note) => note.action !== null);
    const closed = acting.findLastIndex((note) => note.action?.status === 'closed');
    const since = acting[closed + 1]?.written_at;
    if (since === undefined) return null;
    const days = Math.max(0, Math.floor((now_ms - Date.parse(since)) / DAY_MS));
    // The whole of the last day is in time.
    const late = action.due === null ? 0 : Math.floor((now_ms - Date.parse(`${action.due}T00:00:00Z`)) / DAY_MS);
    return { days, late_days: Math.max(0, late), since };
}

/**
 * How an open action ages: in time, old or late.
 *
 * @param {{days: number, late_days: number}} open
 * @returns {'late' | 'old' | 'fresh'}
 */
export function age({ days, late_days }) {
    if (late_days > 0) return 'late';
    return days >= OLD_DAYS ? 'old' : 'fresh';
}
