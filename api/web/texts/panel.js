/** What a person reads of the panel of a hotspot and its notes, in Dutch and in English. */

export const nl = {};

/** @type {typeof nl} */
export const en = {};
