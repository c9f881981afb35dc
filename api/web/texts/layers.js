/** What a person reads of the layers of the map and the legend, in Dutch and in English. */

export const nl = {};

/** @type {typeof nl} */
export const en = {};
