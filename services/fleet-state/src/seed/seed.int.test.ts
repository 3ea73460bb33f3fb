import { calls, type Perf } from '@boocontrol/contracts';
import { emptyHost, seedHost } from '@boocontrol/fleet-model';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Projector } from '../projection/projector.js';
import { testProjector } from '../testing/projector.js';
import { upsertHosts } from '../providers/hosts.repository.js';
import { fleetDatabase, type FleetDatabase } from '../testing/database.js';
import { gap, gpu, messages, modelChanged, noon, perf, provider, request, sys } from '../testing/facts.js';
import { seed } from './seed.js';

let database: FleetDatabase;
let projector: Projector;
beforeAll(async () => {
  database = await fleetDatabase();
  projector = testProjector(database.source);
});
afterAll(() => database.drop());
beforeEach(() => database.clear());

const live = (...ids: string[]): Promise<void> =>
  database.source.transaction((tx) =>
    upsertHosts(
      tx,
      ids.map((id) => provider({ id })),
    ),
  );

test('what the tables know of each host, newest of each', async () => {
  await live('nas', 'tower');
  const withGpu: Perf = perf({ ts: noon(1_000), sys: null, gpus: [gpu({ tempC: 70 })] });
  const withSys: Perf = perf({ ts: noon(2_000), gpus: null, sys: sys({ cpuUtilPct: 33 }) });
  const old = request({ entryId: 1, ts: noon(-3_600_000), model: 'b' });
  const recent = [1, 2, 3].map((n) => request({ entryId: 1 + n, ts: noon(n), endedAt: noon(n * 1_000) }));
  await projector.write(
    messages([
      { kind: 'model-changed', body: modelChanged({ to: 'starting', from: 'stopped', at: noon(1) }) },
      { kind: 'model-changed', body: modelChanged({ to: 'ready', at: noon(1) }) },
      { kind: 'model-changed', body: modelChanged({ model: 'b', to: 'stopped', at: noon(5) }) },
      { kind: 'perf', body: withGpu },
      { kind: 'perf', body: withSys },
      { kind: 'gap', body: gap({ fromTs: noon(-9_000), toTs: noon(-8_000) }) },
      { kind: 'gap', body: gap() },
      ...[old, ...recent].map((body) => ({ kind: 'request' as const, body })),
    ]),
  );
  const answer = calls.seed.reply.parse(await seed(database.db, noon(0)));
  expect(answer.hosts[0]).toEqual({
    providerId: 'nas',
    models: [],
    lastEndByModel: {},
    recent: [],
    perf: null,
    gap: null,
  });
  expect(answer.hosts[1]).toEqual({
    providerId: 'tower',
    models: [
      { model: 'b', state: 'stopped', ts: noon(5) },
      { model: 'qwen3-8b', state: 'ready', ts: noon(1) },
    ],
    lastEndByModel: { b: noon(-3_600_000), 'qwen3-8b': noon(3_000) },
    recent,
    perf: { ...withGpu, ts: noon(2_000), at: noon(2_000), sys: withSys.sys, gpuTs: null, sysTs: null },
    gap: { fromTs: noon(), toTs: noon(30_000), reason: 'ring_overflow' },
  });
  const [, tower] = answer.hosts;
  expect(tower && seedHost(emptyHost('tower'), tower).requests.buckets).not.toEqual([]);
});

test('a busy fleet’s answer still is one message, with the newest requests', async () => {
  await live('tower');
  await projector.write(
    messages(
      Array.from({ length: 4_000 }, (_, i) => ({
        kind: 'request' as const,
        body: request({ entryId: i, ts: noon(i) }),
      })),
    ),
  );
  const answer = await seed(database.db, noon(0));
  expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(1_000_000);
  const ids = answer.hosts[0]?.recent.map(({ entryId }) => entryId) ?? [];
  expect(ids.length).toBeGreaterThan(500);
  expect(ids).toEqual(Array.from({ length: ids.length }, (_, i) => 4_000 - ids.length + i));
});

test('hosts with a thousand models each come in pages that each are one message', async () => {
  const ids = ['a', 'b', 'c', 'd'];
  await live(...ids);
  for (const providerId of ids) {
    const facts = Array.from({ length: 1_000 }, (_, i) => {
      const model = `${'m'.repeat(200)}${i}`;
      return [
        { kind: 'model-changed' as const, body: modelChanged({ providerId, model }) },
        { kind: 'request' as const, body: request({ providerId, model, entryId: i, ts: noon(i) }) },
      ];
    });
    await projector.write(messages(facts.flat()));
  }
  const told: string[] = [];
  for (let after: string | null | undefined = ''; typeof after === 'string';) {
    const answer = calls.seed.reply.parse(await seed(database.db, noon(0), after));
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(1_000_000);
    for (const host of answer.hosts) {
      expect(host.models.length).toBe(1_000);
      expect(host.recent.length).toBeGreaterThan(100);
      told.push(host.providerId);
    }
    after = answer.nextAfter;
  }
  expect(told).toEqual(ids);
});
