import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { TEXTS } from '../../api/web/texts.js';

const WEB = new URL('../../api/web/', import.meta.url);

/** The pages of the interface have one script, which stands by itself. */
const BROWSE = 'browse/browse.js';

/** The page's own files with a given ending, and what is in them. */
const files = (/** @type {string} */ ending) =>
    readdirSync(WEB, { recursive: true, encoding: 'utf-8' })
        .filter((name) => name.endsWith(ending))
        .map((name) => ({ name, content: readFileSync(new URL(name, WEB), 'utf-8') }));

test('both languages say the same things', () => {
    assert.deepEqual(Object.keys(TEXTS.nl).sort(), Object.keys(TEXTS.en).sort());
    for (const [key, text] of Object.entries(TEXTS.nl)) {
        const other = TEXTS.en[/** @type {keyof typeof TEXTS.en} */ (key)];
        assert.equal(typeof text, typeof other, key);
        if (typeof text === 'function' && typeof other === 'function') assert.equal(text.length, other.length, key);
        else assert.notEqual(String(other).trim(), '', key);
    }
});

test('every text is used', () => {
    const code = files('.js')
        .filter(({ name }) => !name.startsWith('texts'))
        .map(({ content }) => content)
        .join('\n');
    for (const key of Object.keys(TEXTS.nl)) assert.match(code, new RegExp(`\\.${key}\\b`), key);
});

test('no module writes markup, evaluates text or styles by attribute', () => {
    for (const { name, content } of files('.js')) {
        assert.doesNotMatch(content, /\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval)\b|new Function/, name);
        assert.doesNotMatch(content, /setAttribute\('(style|on)/, name);
    }
    for (const { name, content } of files('.html')) assert.doesNotMatch(content, /\sstyle=|\son[a-z]+=|<style/, name);
});

test('nothing is asked of another host', () => {
    for (const { name, content } of [...files('.js'), ...files('.css'), ...files('.html'), ...files('.svg')]) {
        const others = content.match(/(https?:)?\/\/[\w-]+\.[\w.]+/g) ?? [];
        assert.deepEqual(others.filter((address) => address !== 'http://www.w3.org'), [], name);
    }
});

test('only api.js fetches, and only main.js knows the address', () => {
    for (const { name, content } of files('.js').filter((file) => file.name !== BROWSE)) {
        if (name !== 'api.js') assert.doesNotMatch(content, /(?<!#)\bfetch\(/, name);
        if (name !== 'main.js') assert.doesNotMatch(content, /\blocation\b|\bhistory\./, name);
    }
});

test('every style sheet is linked', () => {
    const all = readFileSync(new URL('all.css', WEB), 'utf-8');
    const pages = readFileSync(new URL('../html/templates/base.html', WEB), 'utf-8');
    for (const { name } of files('.css').filter((file) => file.name !== 'all.css')) {
        const own = all.includes(`@import "${name}";`);
        assert.ok(own || pages.includes(`/web/${name}"`), name);
    }
});
