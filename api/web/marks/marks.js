/** The signs by which a hotspot says what it is and how sure: in the list, in the panel and in the legend. */

/** @import {Colour, Form, Grade, Hotspot, Kind, Language, Row} from '../types.d.ts' */
import { element } from '../element.js';
import { css } from '../style.js';
import { TEXTS } from '../texts.js';

/**
 * The badge of a hotspot: round if acute, angular if chronic; filled if confirmed, hollow with dashes if likely.
 *
 * @param {Row} row
 */
export function badge({ hotspot: { kind, grade }, sign, colour }) {
    return marked(sign, { kind, grade, colour });
}

/**
 * @param {string} sign
 * @param {{kind: Kind, grade: Grade, colour: Colour}} look
 */
export function marked(sign, { kind, grade, colour }) {
    const made = element('span', `badge badge-${kind} badge-${grade}`, sign);
    made.style.setProperty('--theme', css(colour));
    return made;
}

/**
 * What a row says of its hotspot in words: how sure, what form, and whether it is a pile.
 *
 * @param {Hotspot} hotspot
 * @param {Language} language
 */
export function tags({ grade, form, pile_up }, language) {
    const texts = TEXTS[language];
    const said = [element('span', `tag tag-${grade}`, texts.grades[grade])];
    // Not every level is told what form it has.
    if (form !== null) said.push(formTag(form, language));
    if (pile_up) said.push(element('span', 'tag tag-pile', texts.pileShort));
    return element('span', 'row-tags', ...said);
}

/**
 * A small picture of the form, and its name.
 *
 * @param {Form} form
 * @param {Language} language
 */
function formTag(form, language) {
    const picture = element('span', `form form-${form}`);
    picture.setAttribute('aria-hidden', 'true');
    return element('span', 'tag tag-form', picture, TEXTS[language].forms[form]);
}
