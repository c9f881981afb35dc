/** Which modules the page is to ask for at once; `node tests/web/preload.js` writes them into index.html. */

import { readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';

const WEB = new URL('../../api/web/', import.meta.url);
export const INDEX = new URL('index.html', WEB);

/** What a module takes from others as soon as it is loaded; comments hold imports of types alone. */
const IMPORT = /^(?:import|export)\b[^;]*?from\s+'(\.[^']+)';/gms;
const ENTRY = '    <script type="module" src="web/main.js"></script>\n';

/** @returns {string[]} every module that `main.js` needs, itself left out */
export function needed() {
    /** @type {Set<string>} */
    const seen = new Set();
    const waiting = [new URL('main.js', WEB).href];
    for (let module = waiting.pop(); module !== undefined; module = waiting.pop()) {
        if (seen.has(module)) continue;
        seen.add(module);
        for (const [, path = ''] of readFileSync(new URL(module), 'utf-8').matchAll(IMPORT)) {
            waiting.push(new URL(path, module).href);
        }
    }
    const paths = [...seen].map((module) => module.slice(WEB.href.length));
    return paths.filter((path) => path !== 'main.js').sort();
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
    const page = readFileSync(INDEX, 'utf-8').replace(/ *<link rel="modulepreload"[^>]*>\n/g, '');
    const links = needed().map((path) => `    <link rel="modulepreload" href="web/${path}">\n`);
    writeFileSync(INDEX, page.replace(ENTRY, links.join('') + ENTRY));
}
