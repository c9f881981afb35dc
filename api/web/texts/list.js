/** What a person reads of the list, the filters, the time line and the help, in Dutch and in English. */

export const nl = {};

/** @type {typeof nl} */
export const en = {};
