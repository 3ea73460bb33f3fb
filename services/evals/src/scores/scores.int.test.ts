import { randomUUID } from 'node:crypto';
import {
  BUCKET,
  calls,
  EvalSuiteSchema,
  ScoreSchema,
  type EvalOutcome,
  type EvalSuiteHead,
  type Score,
} from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { Kvm } from '@nats-io/kv';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { World, type Replica } from '../testing/world.js';
import { askToRescore } from '../rescoring/asked.repository.js';
import { retireItem } from '../suites/retired.repository.js';
import { Rescoring } from './rescoring.js';

let world: World;
let replica: Replica;
let head: EvalSuiteHead;
const ITEMS = Array.from({ length: 12 }, (_, at) => `q/${at}`);

beforeAll(async () => {
  world = await World.open();
  replica = await world.service();
  const suite = EvalSuiteSchema.parse({
    ...{ name: 'sums', title: 'Sums', category: 'agent-coding', licence: 'CC0-1.0' },
    sampler: { temperature: 0, maxTokens: 64 },
    items: ITEMS.map((id) => ({
      kind: 'text',
      id,
      prompt: '6 × 7?',
      checks: [{ check: 'number', value: 42 }],
    })),
  });
  head = await waitFor(() => world.ask(calls.saveEvalSuite, { suite }).catch(() => undefined), {
    what: 'the suite to be saved',
  });
});
afterAll(() => world?.close());

/** A run that has ended, with its samples and its score. */
async function ran(providerId: string, outcomes: readonly EvalOutcome[], over: object = {}): Promise<string> {
  const id = randomUUID();
  const row = {
    ...{ id, launch: id, version: 1, suite_name: 'sums', suite_hash: head.hash, suite_title: 'Sums' },
    ...{ category: 'agent-coding', provider_id: providerId, model: 'qwen3-8b', state: 'succeeded' },
    ...{ source: 'test', confirmed: false, k: 1, is_whole: true, concurrency: 1 },
    sampler: JSON.stringify({ temperature: 0, maxTokens: 64 }),
    ...{ total: outcomes.length, done: outcomes.length },
    ...{ created_at: new Date(), queued_at: new Date(), started_at: new Date(), ended_at: new Date() },
    ...over,
  };
  const names = Object.keys(row);
  const db = world.db(replica);
  await db.query(
    `INSERT INTO evals.runs (${names.join(', ')}) VALUES (${names.map((_, at) => `$${at + 1}`).join(', ')})`,
    Object.values(row),
  );
  for (const [n, outcome] of outcomes.entries())
    await db.query(
      `INSERT INTO evals.samples (run_id, item, sample, n, kind, state, outcome, seed, e2e_ms, gen_tps, ttft_ms, output_tokens)
       VALUES ($1, $2, 0, $3, 'text', 'done', $4, 0, 900, 40, 200, 9)`,
      [id, ITEMS[n], n, outcome],
    );
  await replica.app.get(Rescoring).again('sums', head.hash);
  return id;
}

const passing = (count: number): EvalOutcome[] =>
  ITEMS.map((_, at) => (at < count ? 'passed' : ('failed' as const)));

async function told(): Promise<Score[]> {
  const kv = await new Kvm(world.nc).open(BUCKET.scores);
  const scores: Score[] = [];
  for await (const key of await kv.keys()) {
    const entry = await kv.get(key);
    if (entry?.operation === 'PUT') scores.push(ScoreSchema.parse(entry.json()));
  }
  return scores;
}
const ofCategory = async (providerId: string) =>
  (await told()).find((score) => score.providerId === providerId && score.category === 'agent-coding');

test('runs become a leaderboard, comparisons and what routing is told; a retired item is in none of them', async () => {
  const good = await ran('tower', passing(12));
  const bad = await ran('rack', passing(2));
  const { rows, categories } = await world.ask(calls.evalLeaderboard, {});
  expect(categories).toEqual(['agent-coding']);
  expect(
    rows.map(({ providerId, scores }) => [providerId, scores[0]?.runId, scores[0]?.score.items]),
  ).toEqual([
    ['tower', good, 12],
    ['rack', bad, 12],
  ]);
  expect(rows[0]).toMatchObject({ loaded: false, healthy: false, scores: [{ isStale: false }] });

  const compared = await world.ask(calls.compareEvals, { a: good, b: bad });
  expect(compared).toMatchObject({
    ...{ items: 12, method: 'mcnemar', verdict: 'a_better', onlyB: [] },
    a: { runId: good, providerId: 'tower', pass1: { mean: 1 } },
  });
  expect(compared.onlyA).toEqual(ITEMS.slice(2));

  const first = await waitFor(async () => ofCategory('tower'), { what: 'the score to be told' });
  expect(first).toMatchObject({
    mean: 1,
    n: 12,
    runId: good,
    genTps: 40,
    suite: { name: 'sums', hash: head.hash },
  });
  // One category is what all of them have, so it is the overall score too.
  expect((await told()).filter(({ category }) => category === null)).toHaveLength(2);

  await world.ask(calls.retireEvalItem, {
    ...{ name: 'sums', hash: head.hash, item: 'q/0', reason: 'It is ambiguous.', source: 'test' },
  });
  await waitFor(async () => (await ofCategory('tower'))?.n === 11, { what: 'the score without it' });
  expect((await world.ask(calls.compareEvals, { a: good, b: bad })).items).toBe(11);
  await world.ask(calls.retireEvalItem, {
    ...{ name: 'sums', hash: head.hash, item: 'q/0', reason: null, source: 'test' },
  });
  await waitFor(async () => (await ofCategory('tower'))?.n === 12, { what: 'the score with it again' });
});

test('what a process had still to score when it was killed is scored all the same', async () => {
  const score = await ofCategory('tower');
  expect(score?.n).toBe(12);
  // As it stands in the tables when the process is gone right after the retirement was written.
  const db = world.db(replica);
  await db.transaction(async (manager) => {
    await retireItem(manager, 'sums', head.hash, { item: 'q/1', reason: 'It is ambiguous.', by: 'test' });
    await askToRescore(manager, 'sums', head.hash);
  });
  await waitFor(async () => (await ofCategory('tower'))?.n === 11, {
    what: 'the score without it',
  });
  await waitFor(async () => (await db.query<unknown[]>(`SELECT 1 FROM evals.rescoring`)).length === 0, {
    what: 'nothing to be left to do',
  });
  await world.ask(calls.retireEvalItem, {
    ...{ name: 'sums', hash: head.hash, item: 'q/1', reason: null, source: 'test' },
  });
  await waitFor(async () => (await ofCategory('tower'))?.n === 12, { what: 'the score with it again' });
});

test('a newer run takes the place of an older one; runs of some items, and those that did not succeed, do not', async () => {
  const newer = await ran('tower', passing(6));
  await ran('tower', passing(1), { is_whole: false });
  await ran('tower', passing(1), { state: 'cancelled' });
  await waitFor(async () => (await ofCategory('tower'))?.runId === newer, { what: 'the newer run' });
  const { rows } = await world.ask(calls.evalLeaderboard, { suite: 'sums' });
  expect(rows.flatMap(({ scores }) => scores.map(({ runId }) => runId))).toContain(newer);
  expect(rows.find(({ providerId }) => providerId === 'tower')?.scores).toHaveLength(1);
});

test('what is no more is told no more, and a bucket that was wiped is written again', async () => {
  const gone = await ran('attic', passing(3));
  await waitFor(async () => ofCategory('attic'), { what: 'the score' });
  await world.db(replica).query(`DELETE FROM evals.runs WHERE id = $1`, [gone]);
  await replica.app.get(Rescoring).again('sums', head.hash);
  await waitFor(async () => (await ofCategory('attic')) === undefined, { what: 'the score to be gone' });
  const before = (await told()).length;
  const kv = await new Kvm(world.nc).open(BUCKET.scores);
  await kv.destroy();
  await waitFor(async () => (await told().catch(() => [])).length === before, {
    what: 'the scores to be there again',
  });
});

test('runs of different versions are not compared', async () => {
  const other = await ran('tower', passing(3), { suite_hash: '0123456789abcdef' });
  const [row] = (await world.ask(calls.evalLeaderboard, {})).rows;
  const code = await world
    .ask(calls.compareEvals, {
      a: other,
      b: row?.scores.find(({ suiteHash }) => suiteHash === head.hash)?.runId ?? other,
    })
    .then(() => null)
    .catch((error: unknown) => (error as { code?: string }).code);
  expect(code).toBe('not_comparable');
  const unknown = world.ask(calls.compareEvals, { a: other, b: randomUUID() });
  await expect(unknown).rejects.toMatchObject({ code: 'unknown_run' });
});
