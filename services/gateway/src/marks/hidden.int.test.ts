import type { Hidden } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestBrowser } from '../testing/browser.js';
import type { TestGateway } from '../testing/gateway.js';
import { World } from '../testing/world.js';

let world: World;
let gateway: TestGateway;
let other: TestGateway;
const browsers: TestBrowser[] = [];

beforeAll(async () => {
  world = await World.create();
  [gateway, other] = await Promise.all([world.gateway(), world.gateway()]);
  for (const each of [gateway, other])
    await waitFor(async () => (await each.get('/api/hidden')).status === 200, { what: 'the database' });
});
afterAll(async () => {
  for (const browser of browsers) browser.close();
  await world?.stop();
});

async function browserOf({ url }: TestGateway): Promise<TestBrowser> {
  const browser = new TestBrowser(url);
  browsers.push(browser);
  await browser.join('fleet');
  await waitFor(() => browser.marks !== null, { what: 'the marks after a join' });
  return browser;
}
const namesOf = (hidden: readonly Hidden[]): string[] =>
  hidden.map(({ providerId, model }) => (model === null ? providerId : `${providerId} ${model}`)).sort();
const listed = async (): Promise<string[]> =>
  namesOf((await gateway.get<{ hidden: Hidden[] }>('/api/hidden')).body.hidden);

describe('what is hidden', () => {
  it('is kept once each, a host apart from its models, and shown again', async () => {
    const paths = ['/api/hidden/tower', '/api/hidden/tower/org%2Fmodel', '/api/hidden/tower/org/model'];
    const replies = await Promise.all([...paths, ...paths].map((path) => gateway.call('PUT', path)));
    expect(replies.every(({ status }) => status === 204)).toBe(true);
    expect(await listed()).toEqual(['tower', 'tower org/model']);
    for (const time of ['once', 'twice'])
      expect([time, (await gateway.call('DELETE', '/api/hidden/tower')).status]).toEqual([time, 204]);
    expect(await listed()).toEqual(['tower org/model']);
    await gateway.call('DELETE', '/api/hidden/tower/org/model');
    expect(await listed()).toEqual([]);
  });

  it('is told to every browser at once, at every gateway, as favourites are', async () => {
    const two = [await browserOf(gateway), await browserOf(other)];
    await gateway.call('PUT', '/api/hidden/nas');
    await other.call('PUT', '/api/hidden/nas/a%20b');
    await gateway.call('PUT', '/api/favorites/nas/c');
    for (const { marks } of [...two, await browserOf(other)].map((browser) => ({
      marks: () => browser.marks,
    })))
      await waitFor(
        () => namesOf(marks()?.hidden ?? []).join() === 'nas,nas a b' && marks()?.favorites.length === 1,
        {
          what: 'both marks and the favourite',
        },
      );
    await other.call('DELETE', '/api/hidden/nas');
    await other.call('DELETE', '/api/favorites/nas/c');
    for (const browser of two)
      await waitFor(() => namesOf(browser.marks?.hidden ?? []).join() === 'nas a b', {
        what: 'one mark less',
      });
    await waitFor(() => two.every(({ marks }) => marks?.favorites.length === 0), { what: 'no favourite' });
  });

  it('outlives the bus: what changed while a gateway was without it is told when it is back', async () => {
    const browser = await browserOf(other);
    await world.nats.kill9();
    await gateway.call('PUT', '/api/hidden/attic');
    await world.nats.restart();
    await waitFor(() => namesOf(browser.marks?.hidden ?? []).includes('attic'), {
      what: 'the mark after the bus is back',
    });
  });

  it.each(['/api/hidden/TOWER', '/api/hidden/TOWER/m', `/api/hidden/tower/${'m'.repeat(257)}`])(
    '%s is refused',
    async (path) => {
      expect((await gateway.call('PUT', path)).status).toBe(400);
    },
  );
});
