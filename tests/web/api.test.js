import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createServer } from 'node:http';

import { Api, Problem } from '../../api/web/api.js';
import { overview } from './weeks.js';

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

test('a week is one small request, the latest if none is named', async () => {
    answer = () => ({ body: overview() });
    asked.length = 0;
    const { ranking, hotspots } = await new Api(root()).week('2010-W30');
    assert.deepEqual([ranking.week, hotspots.length], ['2010-W30', 2]);
    await new Api(root()).week(null);
    assert.deepEqual(asked, ['/v1/rankings/2010-W30/overview', '/v1/rankings/latest/overview']);
});

test('a hotspot is named by its week too, for it keeps its id', () => {
    const api = new Api('http://here.test/');
    assert.equal(api.href(api.hotspotPath('hs-a', '2010-W30')), 'http://here.test/v1/collections/hotspots/items/hs-a-2010-W30');
});

test('of each week the edition that holds is told', async () => {
    answer = () => ({
        body: { weeks: [{ week: '2010-W30', editions: [{ edition: 2 }, { edition: 1 }] }, { week: '2010-W29', editions: [] }] },
    });
    assert.deepEqual(await new Api(root()).weeks(), [{ week: '2010-W30', edition: 2, hotspots: null }]);
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

test('a request that is given up does not answer any more', async () => {
    answer = () => ({ body: overview(), delay_ms: 5000 });
    const running = new AbortController();
    const older = assert.rejects(new Api(root()).week('2010-W29', running.signal), { name: 'AbortError' });
    running.abort();
    await older;
    server.closeAllConnections();
});
