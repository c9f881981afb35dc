/** What the map library must be: the page runs no other bytes, wherever they come from. */

/** Of `/web/deck.js`, the bundle in the wheel of pydeck that is installed; a test compares the two. */
export const MAP_LIBRARY = 'sha384-XU1kNcHSjpsrlubysCY3Ce4xNyLYy6DHLIp5cGPgv3xaeqIZg/ovkS8N1kuijDeO';
