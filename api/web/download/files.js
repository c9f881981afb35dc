/** Files of what is shown, cut out of what the service tells: its own numbers and shapes, untouched. Pure. */

/** @import {View} from '../types.d.ts' */

/** Rows of a table by the line, however many lines a text in it has; the end of the line is left with the row. */
const ROW = /(?:[^"\r\n]|"(?:[^"]|"")*")*(?:\r\n|\n|\r|$)/gy;
const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(?:,|\r?\n|$)/gy;
/** What no file system minds in a name. */
const STRANGE = /[^\w.-]+/g;

/**
 * The table with only these hotspots. Each row stays as the service wrote it, and so does the mark at the beginning by
 * which spreadsheets know the letters.
 *
 * @param {string} table the service's own CSV
 * @param {ReadonlySet<string>} ids
 */
export function onlyRows(table, ids) {
    const [head = '', ...rows] = table.match(ROW) ?? [];
    const place = fields(head.replace(/^\uFEFF/, '')).indexOf('id');
    if (place === -1) throw new TypeError('the table of the service has no column id');
    return [head, ...rows.filter((row) => ids.has(fields(row)[place] ?? ''))].join('');
}

/**
 * Several tables with the same head as one.
 *
 * @param {readonly string[]} tables
 */
export function joined(tables) {
    const [first = '', ...others] = tables;
    return [first, ...others.map((table) => (table.match(ROW) ?? []).slice(1).join(''))].join('');
}

/**
 * @param {string} row
 * @returns {string[]}
 */
function fields(row) {
    const found = [];
    FIELD.lastIndex = 0;
    while (FIELD.lastIndex < row.length) {
        const match = FIELD.exec(row);
        if (match === null) break;
        found.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    }
    return found;
}

/**
 * @typedef {{readonly features: readonly {readonly id?: unknown, readonly properties: object}[]}} Collection
 */

/**
 * The collection with only these hotspots; where more was asked for in parts, all parts as one.
 *
 * @param {readonly Collection[]} parts
 * @param {ReadonlySet<string>} ids
 * @returns {object}
 */
export function onlyFeatures(parts, ids) {
    const features = parts.flatMap((part) => part.features.filter((feature) => ids.has(idOf(feature))));
    const { links, numberMatched, ...head } = /** @type {Record<string, unknown>} */ ({ ...parts[0] });
    // Links lead to what was cut from, and the number that matched is another now.
    void links;
    void numberMatched;
    return { ...head, features, ...('numberReturned' in head ? { numberReturned: features.length } : {}) };
}

/** @param {{id?: unknown, properties: object}} feature */
function idOf({ id, properties }) {
    return String('id' in properties ? properties.id : id);
}

/**
 * A name that tells the week and what it is filtered by.
 *
 * @param {string} week
 * @param {View} view
 * @param {string} ending
 */
export function fileName(week, { theme, area, lifecycle, changed }, ending) {
    const parts = ['hotspots', week, theme, area, lifecycle, changed ? 'changed' : null];
    const name = parts.filter((part) => part !== null).map((part) => part.replace(STRANGE, '_'));
    return `${name.join('-')}.${ending}`;
}
