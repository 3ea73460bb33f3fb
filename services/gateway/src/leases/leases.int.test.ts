import { calls, type HeldLeaseReply } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lease, released } from '../testing/actions.js';
import type { TestGateway } from '../testing/gateway.js';
import { StandIns } from '../testing/stand-ins.js';
import { World } from '../testing/world.js';

let world: World;
let gateway: TestGateway;
let standIns: StandIns;

beforeAll(async () => {
  world = await World.create();
  standIns = new StandIns(world.bus);
  gateway = await world.gateway();
  await waitFor(async () => (await gateway.get('/api/fleet')).status === 200, { what: 'the first rebuild' });
});
afterEach(() => standIns?.stop());
afterAll(() => world?.stop());

const answering: StandIns['answering'] = (...args) => standIns.answering(...args);

/** Besides what is asked here, the gateway itself asks now and then who has a host. */
const ofRequests = (asked: readonly unknown[]): unknown[] =>
  asked.filter((body) => JSON.stringify(body) !== '{"limit":1}');

const WANTED = { providerId: 'tower', holder: 'me', purpose: 'a look at it' };
const TOKEN = '1763700000000.17';
const ID = lease(1).id;
const held: HeldLeaseReply = {
  leaseId: ID,
  providerId: 'tower',
  fencingToken: TOKEN,
  expiresInMs: 30_000,
  heartbeatEveryMs: 10_000,
};

describe('a lease over REST', () => {
  it('is acquired for the source of the request, or the one that is named', async () => {
    const asked = await answering(calls.acquireLease.subject, () => held);
    const first = await gateway.call('POST', '/api/leases', WANTED, { 'user-agent': 'evals/1.0 (linux)' });
    expect(first).toMatchObject({ status: 201, body: held });
    await gateway.call('POST', '/api/leases', { ...WANTED, source: 'bench', takeOver: true, expectedS: 60 });
    await gateway.call('POST', '/api/leases?confirm=true', WANTED, { 'x-boo-source': 'evals' });
    expect(asked).toEqual([
      { ...WANTED, source: 'evals', takeOver: false },
      { ...WANTED, source: 'bench', takeOver: true, expectedS: 60 },
      { ...WANTED, source: 'evals', takeOver: true },
    ]);
  });

  it('is ended by somebody else, who says a name', async () => {
    const ends = await answering(calls.endLease.subject, () => null);
    const over = await gateway.call('POST', `/api/leases/${ID}/end`, { by: 'anna' });
    expect([over.status, over.body]).toEqual([204, '']);
    expect(ends).toEqual([{ leaseId: ID, by: 'anna' }]);
    expect((await gateway.call('POST', `/api/leases/${ID}/end`, { by: '' })).status).toBe(400);
  });

  it('is kept and given back by its fencing token', async () => {
    const heartbeats = await answering(calls.heartbeatLease.subject, () => held);
    const releases = await answering(calls.releaseLease.subject, () => null);
    expect(await gateway.call('PUT', `/api/leases/${ID}`, { fencingToken: TOKEN })).toMatchObject({
      status: 200,
      body: held,
    });
    const over = await gateway.call('DELETE', `/api/leases/${ID}?fencingToken=${TOKEN}`);
    expect([over.status, over.body]).toEqual([204, '']);
    const proof = { leaseId: ID, fencingToken: TOKEN };
    expect([heartbeats, releases]).toEqual([[proof], [proof]]);
  });

  it('is refused while somebody else has the host, and lost when it is taken over', async () => {
    const details = { holder: 'bench', purpose: 'bench', until: null };
    await answering(calls.acquireLease.subject, () => {
      throw { code: 'bench_in_progress', message: 'bench has it', details };
    });
    await answering(calls.heartbeatLease.subject, () => {
      throw { code: 'taken_over', message: 'bob has it now' };
    });
    expect(await gateway.call('POST', '/api/leases', WANTED)).toMatchObject({
      status: 409,
      error: { code: 'bench_in_progress', requiresConfirmation: true, details },
    });
    expect(await gateway.call('PUT', `/api/leases/${ID}`, { fencingToken: TOKEN })).toMatchObject({
      status: 409,
      error: { code: 'taken_over' },
    });
  });

  it('is listed with those that ended', async () => {
    const page = { held: [lease(2)], ended: [released(lease(1))], nextCursor: null };
    const asked = await answering(calls.leases.subject, () => page);
    expect(await gateway.get('/api/leases?providerId=tower')).toMatchObject({ status: 200, body: page });
    expect(ofRequests(asked)).toEqual([{ providerId: 'tower', limit: 100 }]);
  });

  it('needs the service, and says so', async () => {
    const { status, error } = await gateway.call('POST', '/api/leases', WANTED);
    expect([status, error?.code]).toEqual([503, 'unavailable']);
    expect(error?.message).toContain('keeps leases');
  });

  it.each([
    ['POST', '', { ...WANTED, holder: 'a\nb' }, 'holder'],
    ['POST', '', { ...WANTED, purpose: ' ' }, 'purpose'],
    ['POST', '', { ...WANTED, source: 'Not One' }, 'source'],
    ['POST', '', { ...WANTED, expectedS: 0 }, 'expectedS'],
    ['POST', '', { ...WANTED, fencingToken: TOKEN }, 'fencingToken'],
    ['PUT', '/tower', { fencingToken: TOKEN }, 'leaseId'],
    ['PUT', '/tower.*%3E', { fencingToken: TOKEN }, 'leaseId'],
    ['PUT', `/${ID}`, { fencingToken: 'x' }, 'fencingToken'],
    ['PUT', `/${ID}`, {}, 'fencingToken'],
    ['DELETE', `/${ID}`, undefined, 'fencingToken'],
    ['DELETE', `/${ID}?fencingToken=${TOKEN}&fencingToken=${TOKEN}`, undefined, 'fencingToken'],
    ['GET', '?holder=me', undefined, 'holder'],
  ])('%s /api/leases%s with %j is not valid', async (method, path, body, named) => {
    const every = [calls.acquireLease, calls.heartbeatLease, calls.releaseLease, calls.leases];
    const asked = await Promise.all(every.map(({ subject }) => answering(subject, () => held)));
    const { status, error } = await gateway.call(method, `/api/leases${path}`, body);
    expect([status, error?.code]).toEqual([400, 'validation']);
    expect(error?.message).toContain(named);
    expect(ofRequests(asked.flat())).toEqual([]);
  });
});
