import { calls, STREAM, subjects, type DeadLetter } from '@boocontrol/contracts';
import { waitFor, type RunningService } from '@boocontrol/testing';
import { jetstream } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { fleetDatabase, type FleetDatabase } from './testing/database.js';
import { capture, modelChanged, noon, NOON_MS, perf, request, requestFact } from './testing/facts.js';
import { spawnFleetState, testBus, type TestBus } from './testing/service.js';

/** The built service as a process, asked over the bus. */
let database: FleetDatabase;
let bus: TestBus;
let service: RunningService;
beforeAll(async () => {
  database = await fleetDatabase();
  bus = await testBus();
  service = await spawnFleetState(bus.nats.url, database.url);
});
afterAll(async () => {
  await service.stop();
  await bus.close();
  await database.drop();
});

const ask = (name: Exclude<keyof typeof calls, 'reconnect'>, body: object): Promise<unknown> =>
  bus.rpc.ask<z.ZodType, z.ZodType, string>(calls[name], body);
const stored = async (): Promise<number> =>
  (await database.rows<{ count: number }>(`SELECT count(*)::int AS count FROM fleet.requests`))[0]?.count ??
  0;

describe('every query over the bus', () => {
  beforeAll(async () => {
    await bus.publish({ kind: 'request', body: request({ hasCapture: true }) });
    await bus.publish({ kind: 'perf', body: perf() });
    await bus.publish({ kind: 'model-changed', body: modelChanged() });
    await bus.publisher.publishReliably(subjects.capture('tower'), JSON.stringify(capture()));
    await waitFor(async () => (await database.rows(`SELECT 1 FROM fleet.captures`)).length === 1, {
      what: 'the capture',
    });
    await waitFor(async () => (await stored()) === 1, { what: 'the request' });
    await waitFor(async () => (await database.rows(`SELECT 1 FROM fleet.model_events`)).length === 1, {
      what: 'the event',
    });
  });

  test.each([
    ['activity', {}, { rows: [{ entryId: 1 }], nextCursor: null }],
    ['activityEntry', { providerId: 'tower', entryId: 1, ts: noon() }, { captureState: 'stored' }],
    ['totals', { groupBy: ['model'] }, { groups: [{ model: 'qwen3-8b', requests: 1 }] }],
    ['perf', { providerId: 'tower', to: noon(1_000) }, { points: [{ samples: 1 }] }],
    ['modelEvents', {}, { events: [{ model: 'qwen3-8b', state: 'ready' }] }],
    ['swaps', {}, { swaps: [{ model: 'qwen3-8b', loads: 1 }] }],
    ['gaps', {}, { gaps: [] }],
    ['modelLoads', { providerId: 'tower', model: 'qwen3-8b' }, { loads: [] }],
    ['seed', { recentSince: noon() }, { hosts: [] }],
  ] as const)('%s', async (name, body, expected) => {
    expect(await ask(name, body)).toMatchObject(expected);
  });

  test.each([
    ['a bad range', 'activity', { from: noon(1), to: noon() }, 'bad_range'],
    ['a bad cursor', 'activity', { cursor: 'x' }, 'bad_cursor'],
    [
      'an entry that is not there',
      'activityEntry',
      { providerId: 'nas', entryId: 1, ts: noon() },
      'not_found',
    ],
  ] as const)('%s has its code', async (_what, name, body, code) => {
    await expect(ask(name, body)).rejects.toMatchObject({ code });
  });

  test('a body that does not fit is refused at the border, by name', async () => {
    const reply = await bus.nc.request(calls.activity.subject, JSON.stringify({ limit: 0, colour: 'red' }));
    expect(reply.json()).toMatchObject({ err: { code: 'bad_request' } });
    expect(reply.string()).toContain('limit');
    expect(reply.string()).toContain('colour');
  });
});

describe('poison', () => {
  const deadLetters = async (): Promise<DeadLetter[]> => {
    const consumer = await jetstream(bus.nc).consumers.get(STREAM.dead);
    const letters: DeadLetter[] = [];
    while (letters.length < (await consumer.info()).num_pending + letters.length) {
      const message = await consumer.next({ expires: 1_000 });
      if (message === null) break;
      letters.push(message.json());
    }
    return letters;
  };

  test('goes to DEAD with its reason, and what follows goes on', async () => {
    const before = await stored();
    const good = Array.from({ length: 20 }, (_, i) => requestFact({ entryId: 100 + i, ts: noon(i) }));
    await Promise.all(good.slice(0, 10).map(bus.publish));
    await bus.publishRaw('tower', 'request', 'not json');
    await bus.publishRaw('tower', 'request', JSON.stringify({ ...request(), durationMs: 'long' }));
    await bus.publishRaw('tower', 'request', JSON.stringify(request({ providerId: 'nas' })));
    // It fits the schema, and no calendar has it: only PostgreSQL finds out.
    await bus.publish(requestFact({ entryId: 666, ts: '2026-02-30T00:00:00.000000Z' }));
    await Promise.all(good.slice(10).map(bus.publish));
    await waitFor(async () => (await stored()) === before + 20, { what: 'the good facts' });
    const letters = await waitFor(
      async () => {
        const all = await deadLetters();
        return all.length >= 4 ? all : null;
      },
      { what: 'four dead letters' },
    );
    expect(letters.map(({ code }) => code).toSorted()).toEqual([
      'invalid_json',
      'invalid_schema',
      'invalid_schema',
      'processing_failed',
    ]);
    expect(letters.every(({ origin, reason }) => origin === 'fleet-state' && reason !== '')).toBe(true);
    expect(letters.find(({ code }) => code === 'processing_failed')?.data).toContain('"entryId":666');
  });
});

describe('what it tells about itself', () => {
  test('health: every part, and how far the projection is behind', async () => {
    const report = (await (await fetch(`${service.url}/health`)).json()) as object;
    expect(report).toMatchObject({
      status: 'ok',
      checks: {
        bus: { status: 'up' },
        database: { status: 'up' },
        projection: { status: 'up', detail: '0 messages behind, 4 given up to DEAD since the start' },
        captures: { status: 'up' },
        providers: { status: 'up' },
        maintenance: { status: 'up' },
      },
    });
  });

  test('metrics: rows, duplicates, batch times', async () => {
    await bus.publishRaw('tower', 'request', JSON.stringify(request()));
    const metrics = async (): Promise<string> => (await fetch(`${service.url}/metrics`)).text();
    await waitFor(
      async () => /boo_projection_duplicates_total\{table="requests"\} [1-9]/.test(await metrics()),
      {
        what: 'the duplicate to be counted',
      },
    );
    const text = await metrics();
    expect(text).toMatch(/boo_projection_rows_total\{table="requests"\} [1-9]/);
    expect(text).toMatch(/boo_projection_batch_seconds_count [1-9]/);
  });
});

test('a wrong variable is named before anything starts', async () => {
  const starting = spawnFleetState(bus.nats.url, database.url, { PERF_RETENTION_DAYS: 'a week' });
  await expect(starting).rejects.toThrow(/ended before it was ready[^]*PERF_RETENTION_DAYS/);
});

test('two replicas answer and project side by side', async () => {
  const other = await spawnFleetState(bus.nats.url, database.url);
  try {
    const before = await stored();
    const more = Array.from({ length: 500 }, (_, i) =>
      requestFact({
        providerId: 'nas',
        entryId: i,
        ts: new Date(NOON_MS + i).toISOString().replace('Z', '000Z'),
      }),
    );
    await Promise.all(more.map(bus.publish));
    await waitFor(async () => (await stored()) === before + 500, { what: '500 rows' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => ask('totals', { providerId: ['nas'] })),
    );
    for (const answer of answers) expect(answer).toMatchObject({ groups: [{ requests: 500 }] });
  } finally {
    expect(await other.stop()).toBe(0);
  }
});
