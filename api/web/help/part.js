/** The help on the page, and the button that opens it. */

/** @import {App, Part} from '../types.d.ts' */
import { button } from '../element.js';
import { TEXTS } from '../texts.js';
import { Help } from './help.js';

/**
 * @param {Pick<App, 'page'>} app
 * @returns {Part & {open(term?: string): void}}
 */
export function helpPart({ page }) {
    const help = new Help();
    const opens = button('head-button', () => help.open(), '?');
    page.heads.append(opens);
    document.body.append(help.element);
    return {
        show({ language }) {
            help.show(language);
            opens.setAttribute('aria-label', TEXTS[language].help);
            opens.title = TEXTS[language].help;
        },
        open: (term) => help.open(term),
    };
}
