/** What somebody may mean by a few letters: a neighbourhood, a district or a hotspot. Pure. */

/** @import {AreaName, Entry} from '../types.d.ts' */

/**
 * @typedef {object} Found
 * @property {'neighbourhood' | 'district' | 'hotspot'} kind
 * @property {string} id code of the area or id of the hotspot
 * @property {string} name
 * @property {string} sign sign of the hotspot, or nothing
 */

/** More suggestions than this are not read. */
const MOST = 8;

/**
 * Best first: what begins with the text comes before what has a word that does, and that before what contains it.
 *
 * @param {string} text
 * @param {{neighbourhoods: readonly AreaName[], districts: readonly AreaName[], entries: Iterable<Entry>}} among
 * @returns {Found[]}
 */
export function find(text, { neighbourhoods, districts, entries }) {
    const wanted = plain(text);
    if (wanted === '') return [];
    /** @type {{found: Found, weight: number}[]} */
    const all = [];
    const add = (/** @type {Found} */ found, /** @type {number} */ weight) => {
        if (weight > 0) all.push({ found, weight });
    };
    for (const { code, name } of districts) add({ kind: 'district', id: code, name, sign: '' }, weight(wanted, name, code));
    for (const { code, name } of neighbourhoods) {
        add({ kind: 'neighbourhood', id: code, name, sign: '' }, weight(wanted, name, code));
    }
    for (const { row } of entries) {
        const { id, neighbourhood_name } = row.hotspot;
        const bySign = plain(row.sign) === wanted ? 5 : 0;
        // Of two that are called alike the area is meant before the hotspot in it.
        const byName = weight(wanted, neighbourhood_name ?? '', id) - 0.5;
        add({ kind: 'hotspot', id, name: neighbourhood_name ?? id, sign: row.sign }, Math.max(bySign, byName));
    }
    all.sort((one, other) => other.weight - one.weight || one.found.name.localeCompare(other.found.name));
    return all.slice(0, MOST).map(({ found }) => found);
}

/**
 * @param {string} wanted
 * @param {string} name
 * @param {string} code
 * @returns {number} 0 where it does not fit
 */
function weight(wanted, name, code) {
    const called = plain(name);
    if (plain(code) === wanted || called === wanted) return 4;
    if (called.startsWith(wanted)) return 3;
    if (called.includes(` ${wanted}`) || (wanted.length > 3 && plain(code).startsWith(wanted))) return 2;
    return wanted.length > 1 && called.includes(wanted) ? 1 : 0;
}

/**
 * Without accents, capitals and hyphens: that is how people type.
 *
 * @param {string} text
 */
export function plain(text) {
    return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[-’'\s]+/gu, ' ').trim();
}
