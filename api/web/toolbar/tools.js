/** The tools of the page: compare, print, download, share. */

/** @import {App, Part} from '../types.d.ts' */
import { Compare } from '../compare/compare.js';
import { downloadTool } from '../download/download.js';
import { printTool } from '../print/print.js';
import { shareTool } from '../share/share.js';
import { Toolbar } from './toolbar.js';

/**
 * @param {App} app
 * @returns {Part & {light(id: string | null): void}}
 */
export function tools(app) {
    const compare = new Compare(app);
    const all = [compare, printTool(app), downloadTool(app), shareTool(app)];
    const toolbar = new Toolbar(...all.map((tool) => tool.element));
    app.page.tools.append(toolbar.element);
    return {
        show(shown) {
            toolbar.show(shown.language);
            for (const tool of all) tool.show(shown);
        },
        light: (id) => compare.light(id),
    };
}
