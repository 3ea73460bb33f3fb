import { calls, type Perf, type Seed } from '@boocontrol/contracts';
import { emptyHost, seedHost } from '@boocontrol/fleet-model';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Projector } from '../projection/projector.js';
import { testProjector } from '../testing/projector.js';
import { markRemovedExcept, upsertHosts } from '../providers/hosts.repository.js';
import { fleetDatabase, type FleetDatabase } from '../testing/database.js';
import { gap, gpu, messages, modelChanged, noon, perf, provider, request, sys } from '../testing/facts.js';
import { bytesOf, missingIn } from '../testing/pages.js';
import { seed, type SeedStart } from './seed.js';

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
    recent: recent.map((row) => ({ ...row, promptTokens: 110, promptCounts: 'uncertain' })),
    perf: { ...withGpu, ts: noon(2_000), at: noon(2_000), sys: withSys.sys, gpuTs: null, sysTs: null },
    gap: { fromTs: noon(), toTs: noon(30_000), reason: 'ring_overflow', missing: 7 },
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

const nameOf = (n: number): string => `${'m'.repeat(200)}${n}`;

/** A state and a last request of each of a host's models. */
const putModels = (providerId: string, from: number, to: number): Promise<void> =>
  projector.write(
    messages(
      Array.from({ length: to - from }, (_, i) => from + i).flatMap((n) => [
        { kind: 'model-changed', body: modelChanged({ providerId, model: nameOf(n) }) },
        { kind: 'request', body: request({ providerId, model: nameOf(n), entryId: n, ts: noon(n) }) },
      ]),
    ),
  );

async function everySeedPage(between: (pages: Seed[]) => Promise<void> = async () => {}): Promise<Seed[]> {
  const pages: Seed[] = [];
  for (let start: SeedStart | null = {}; start !== null;) {
    const page: Seed = calls.seed.reply.parse(await seed(database.db, noon(0), start));
    expect(bytesOf(page)).toBeLessThan(1_000_000);
    pages.push(page);
    start =
      page.nextAfter == null ? null : { after: page.nextAfter, afterModel: page.nextAfterModel ?? undefined };
    if (start !== null) await between(pages);
  }
  return pages;
}

const partsOf = (pages: Seed[], providerId: string): Seed['hosts'] =>
  pages.flatMap(({ hosts }) => hosts.filter((host) => host.providerId === providerId));
const modelsOf = (pages: Seed[], providerId: string): string[] =>
  partsOf(pages, providerId).flatMap(({ models }) => models.map(({ model }) => model));
const names = (to: number): string[] => Array.from({ length: to }, (_, n) => nameOf(n)).toSorted();

test('six hosts with a thousand models each come whole, in pages that each are one message', async () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  await live(...ids);
  for (const providerId of ids) await putModels(providerId, 0, 1_000);
  const pages = await everySeedPage();
  const whole = pages.flatMap(({ hosts }) => hosts);
  const begun = whole.filter((host, i) => host.providerId !== whole[i - 1]?.providerId);
  expect(begun.map(({ providerId }) => providerId)).toEqual(ids);
  for (const { recent } of begun) expect(recent.length).toBeGreaterThan(100);
  for (const id of ids) expect(modelsOf(pages, id).toSorted()).toEqual(names(1_000));
});

test('one host with five thousand models comes in several pages, whole, while it gets more', async () => {
  await live('big', 'small', 'tiny');
  await putModels('big', 0, 5_000);
  await putModels('small', 0, 3);
  await projector.write(messages([{ kind: 'perf', body: perf({ providerId: 'big' }) }]));
  const pages = await everySeedPage(async (told) =>
    putModels('big', 5_000 + told.length, 5_001 + told.length),
  );
  const big = partsOf(pages, 'big');
  expect(big.length).toBeGreaterThan(2);
  const told = modelsOf(pages, 'big');
  expect(new Set(told).size).toBe(told.length);
  expect(missingIn(told, names(5_000))).toEqual([]);
  expect(
    missingIn(
      big.flatMap(({ lastEndByModel }) => Object.keys(lastEndByModel)),
      names(5_000),
    ),
  ).toEqual([]);
  // What there is once comes once, with the first models.
  const [first, ...others] = big;
  expect(first?.perf).not.toBeNull();
  expect(first?.recent.length).toBeGreaterThan(500);
  for (const { perf: sample, recent } of others) expect([sample, recent]).toEqual([null, []]);
  expect(modelsOf(pages, 'small').toSorted()).toEqual(names(3));
  expect(partsOf(pages, 'tiny')).toHaveLength(1);
});

test('a host that is removed between its pages is left, and the next one follows', async () => {
  await live('big', 'small');
  await putModels('big', 0, 2_000);
  const [first] = await everySeedPage(() =>
    database.source.transaction((tx) => markRemovedExcept(tx, ['small'])),
  );
  expect(first?.nextAfter).toBe('big');
  const { nextAfter, nextAfterModel } = first ?? {};
  const rest = await seed(database.db, noon(0), { after: nextAfter ?? '', afterModel: nextAfterModel ?? '' });
  expect(rest).toMatchObject({ hosts: [{ providerId: 'small' }], nextAfter: null, nextAfterModel: null });
});

test('a reader that knows no pages of models still gets every host', async () => {
  await live('big', 'small');
  await putModels('big', 0, 2_000);
  const first = await seed(database.db, noon(0));
  const second = await seed(database.db, noon(0), { after: first.nextAfter ?? '' });
  expect(second).toMatchObject({ hosts: [{ providerId: 'small' }], nextAfter: null });
});
