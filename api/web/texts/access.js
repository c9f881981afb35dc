/** What a person reads of signing in, and what went wrong, in Dutch and in English. */

export const nl = {};

/** @type {typeof nl} */
export const en = {};
