import { BUCKET, bucketStream, RoutePolicyVersionsSchema, type RoutePolicy } from '@boocontrol/contracts';
import { Kvm } from '@nats-io/kv';
import { waitFor } from '@boocontrol/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reply, TestGateway } from '../testing/gateway.js';
import { World } from '../testing/world.js';

let world: World;
let gateway: TestGateway;

const PATH = '/api/routing/policies';
const weights = { quality: 1, speed: 1, readiness: 1, load: 1, affinity: 1, price: 1 };
const OWN = { name: 'night', description: 'While we sleep', weights };

beforeEach(async () => {
  world = await World.create();
  gateway = await world.gateway();
});
afterEach(() => world?.stop());

const policies = async (of = gateway): Promise<RoutePolicy[]> =>
  (await of.get<{ policies: RoutePolicy[] }>(PATH)).body.policies;
const names = async (of = gateway): Promise<string> => (await policies(of)).map(({ name }) => name).join();
/** The database is opened beside. */
function created(body: object = OWN): Promise<Reply<RoutePolicy>> {
  return waitFor(
    async () => {
      const reply = await gateway.call<RoutePolicy>('POST', PATH, body);
      return reply.status !== 503 && reply;
    },
    { what: 'the database to be opened' },
  );
}
const versionOnBus = async (name: string): Promise<number | undefined> =>
  (await (await new Kvm(world.bus.nc).open(BUCKET.policies)).get(name))?.json<RoutePolicy>().version;

describe('policies', () => {
  it('built in are there from the first start, can be changed, and cannot be removed', async () => {
    expect(await names()).toBe('auto,code,fast,cheap');
    await created();
    const changed = await gateway.call<RoutePolicy>('PUT', `${PATH}/code?version=1`, {
      description: 'Mine',
      weights,
      category: 'agent-coding',
    });
    expect(changed).toMatchObject({
      status: 200,
      body: { version: 2, description: 'Mine', isBuiltIn: true },
    });
    expect((await policies())[1]).toEqual(changed.body);
    expect(await gateway.call('DELETE', `${PATH}/code?version=2`)).toMatchObject({
      status: 409,
      error: { code: 'built_in' },
    });
  });

  it('of our own are added, changed, removed and added again, each from the version that was seen', async () => {
    expect(await created()).toMatchObject({ status: 201, body: { ...OWN, version: 1, isBuiltIn: false } });
    expect(await gateway.call('POST', PATH, OWN)).toMatchObject({ status: 409, error: { code: 'exists' } });
    const { name: _name, ...input } = OWN;
    const put = (version: number, body: object = input): Promise<Reply<RoutePolicy>> =>
      gateway.call('PUT', `${PATH}/night?version=${version}`, body);
    const both = await Promise.all([put(1), put(1, { ...input, description: 'other' })]);
    expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
    expect(await put(1)).toMatchObject({ error: { code: 'conflict', details: { version: 2 } } });
    expect((await gateway.call('DELETE', `${PATH}/night?version=1`)).status).toBe(409);
    expect((await gateway.call('DELETE', `${PATH}/night?version=2`)).status).toBe(204);
    expect(await names()).toBe('auto,code,fast,cheap');
    expect((await put(3)).status).toBe(404);
    // It goes on counting: records name versions.
    expect(await created()).toMatchObject({ status: 201, body: { version: 4 } });
    expect((await gateway.call('PUT', `${PATH}/night`, input)).status).toBe(400);
    expect((await gateway.call('POST', PATH, { ...OWN, name: 'direct' })).status).toBe(400);
  });

  it('tell their versions, those of a removed one as well', async () => {
    await created();
    const { name: _name, ...input } = OWN;
    await gateway.call('PUT', `${PATH}/night?version=1`, { ...input, description: 'other' });
    await gateway.call('DELETE', `${PATH}/night?version=2`);
    const versions = async (name: string): Promise<[number, string | null][]> => {
      const { body } = await gateway.get(`${PATH}/${name}/versions`);
      return RoutePolicyVersionsSchema.parse(body).versions.map(({ version, policy }) => [
        version,
        policy && policy.description,
      ]);
    };
    expect(await versions('night')).toEqual([
      [3, null],
      [2, 'other'],
      [1, 'While we sleep'],
    ]);
    expect(await versions('code')).toHaveLength(1);
    expect(await gateway.get(`${PATH}/never/versions`)).toMatchObject({ status: 404 });
  });

  it('are followed by every gateway, and one that starts again still has them', async () => {
    const other = await world.gateway();
    await created();
    await waitFor(async () => (await names(other)).endsWith('night'), { what: 'the other gateway to know' });
    await gateway.service.stop();
    gateway = await world.gateway();
    await waitFor(async () => (await names()).endsWith('night'), { what: 'the policy after the restart' });
  });

  it('come back from the table when the bus lost them, and what only the bus has goes', async () => {
    await created();
    const { bus } = world;
    await bus.jsm.streams.delete(bucketStream(BUCKET.policies));
    await waitFor(async () => (await versionOnBus('night').catch(() => 0)) === 1, {
      what: 'the policy on the bus again',
    });
    await waitFor(async () => (await names()).endsWith('night'), { what: 'the policy' });
    const kv = await new Kvm(bus.nc).open(BUCKET.policies);
    const [own] = (await policies()).slice(-1);
    await kv.put('stray', JSON.stringify({ ...own, name: 'stray' }));
    await kv.put('night', 'garbled');
    await gateway.service.stop();
    gateway = await world.gateway();
    await waitFor(async () => (await names()) === 'auto,code,fast,cheap,night', {
      what: 'what the table says',
    });
  });
});

describe('without a database', () => {
  it('the built-in ones and those on the bus decide; changes are refused until it is there', async () => {
    await created();
    await waitFor(async () => (await versionOnBus('night')) === 1, { what: 'the policy on the bus' });
    await gateway.service.stop();
    gateway = await world.spawn({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' });
    await waitFor(async () => (await names()) === 'auto,code,fast,cheap,night', {
      what: 'the policies',
    });
    expect(await gateway.call('PUT', `${PATH}/night?version=1`, { weights })).toMatchObject({
      status: 503,
      error: { code: 'unavailable' },
    });
  });
});
