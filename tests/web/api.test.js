import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createServer } from 'node:http';

import { Api, Problem } from '../../api/web/api.js';

/** @import {IncomingMessage, ServerResponse} from 'node:http' */
/** @import {AddressInfo} from 'node:net' */

/** @type {string[]} */
const asked = [];
/** @type {(address: string) => {status?: number, type?: string, body: unknown, delay_ms?: number}} */
let answer = () => ({ body: {} });

const server = createServer((/** @type {IncomingMessage} */ request, /** @type {ServerResponse} */ response) => {
    const address = request.url ?? '';
    asked.push(address);
    const { status = 200, type = 'application/json', body, delay_ms = 0 } = answer(address);
    setTimeout(() => {
        response.writeHead(status, { 'Content-Type': type });
        response.end(typeof body === 'string' ? body : JSON.stringify(body));
    }, delay_ms);
});

before(() => new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined))));
after(() => server.close());

const root = () => `http://127.0.0.1:${/** @type {AddressInfo} */ (server.address()).port}/`;

/** The head of a list, as against its features. */
const isHead = (/** @type {string} */ address) => address.includes('/rankings/') && !address.includes('f=geojson');

/** A service with one hotspot a week. */
const usual = (/** @type {string} */ address) =>
    isHead(address)
        ? { body: { week: '2010-W30', themes: [], labels: {} } }
        : { body: { features: [{ id: 'h1', geometry: null, properties: { id: 'h1' } }], links: [] } };

test('all pages are read, whatever the service calls itself', async () => {
    answer = (address) => ({
        body: {
            features: [{ id: address.includes('offset') ? 'second' : 'first' }],
            links: address.includes('offset')
                ? []
                : [{ rel: 'next', href: 'http://elsewhere.test/v1/collections/neighbourhoods/items?limit=1000&offset=1' }],
        },
    });
    const areas = await new Api(root()).neighbourhoods();
    assert.deepEqual(areas.map(({ id }) => id), ['first', 'second']);
});

test('an edition from before there were kinds and grades is read as what it was', async () => {
    answer = usual;
    const [early] = (await new Api(root()).week({ week: '2010-W30', edition: 1 })).hotspots;
    assert.deepEqual([early?.kind, early?.grade, early?.form], ['acute', 'confirmed', 'area']);
    const said = { id: 'h1', places: 1, kind: 'chronic', grade: 'likely', form: 'line' };
    answer = (address) =>
        isHead(address) ? usual(address) : { body: { features: [{ id: 'h1', properties: said }], links: [] } };
    const [later] = (await new Api(root()).week({ week: '2010-W31', edition: 1 })).hotspots;
    assert.deepEqual([later?.kind, later?.grade, later?.form], ['chronic', 'likely', 'line']);
});

test('a hotspot is named by its week too, for it keeps its id', () => {
    const href = new Api('http://here.test/').hotspotHref('hs-a', '2010-W30');
    assert.equal(href, 'http://here.test/v1/collections/hotspots/items/hs-a-2010-W30');
});

test('of each week the edition that holds is told', async () => {
    answer = () => ({
        body: { weeks: [{ week: '2010-W30', editions: [{ edition: 2 }, { edition: 1 }] }, { week: '2010-W29', editions: [] }] },
    });
    assert.deepEqual(await new Api(root()).weeks(), [{ week: '2010-W30', edition: 2 }]);
});

test('a refusal says what the service says', async () => {
    answer = () => ({ status: 503, type: 'application/problem+json', body: { title: 'Busy', detail: 'try later' } });
    await assert.rejects(new Api(root()).weeks(), (error) => {
        assert.ok(error instanceof Problem);
        assert.equal(error.status, 503);
        assert.equal(error.message, 'try later');
        return true;
    });
    answer = () => ({ status: 502, type: 'text/html', body: '<h1>gateway</h1>' });
    await assert.rejects(new Api(root()).weeks(), { message: '502 Bad Gateway' });
});

test('a week that was seen is not asked for again', async () => {
    answer = usual;
    const api = new Api(root());
    const first = await api.week({ week: '2010-W30', edition: 1 });
    asked.length = 0;
    assert.equal(await api.week({ week: '2010-W30', edition: 1 }), first);
    assert.deepEqual(asked, []);
    await api.week({ week: '2010-W30', edition: 2 });
    assert.equal(asked.length, 2, 'a new edition is asked for');
});

test('a newer request aborts the older', async () => {
    answer = (address) => ({ ...usual(address), delay_ms: address.includes('2010-W29') ? 5000 : 0 });
    const api = new Api(root());
    const older = assert.rejects(api.week({ week: '2010-W29', edition: 1 }), { name: 'AbortError' });
    const newer = await api.week({ week: '2010-W30', edition: 1 });
    await older;
    assert.equal(newer.hotspots.length, 1);
    server.closeAllConnections();
});
