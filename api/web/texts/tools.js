/** What a person reads of comparing, printing, downloading and sharing, in Dutch and in English. */

export const nl = {};

/** @type {typeof nl} */
export const en = {};
