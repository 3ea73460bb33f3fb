import { type Cell, type Sample, SuiteSchema } from '@boocontrol/contracts';
import { createSimHost, type SimHost } from '@boocontrol/sim';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openSession, type Session, type SessionOptions } from './session.js';

const MODEL = { id: 'paced', loadMs: 10, ctx: 4_096, pace: { firstMs: 5, tokenMs: 1 } };

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const suite = SuiteSchema.parse({
  name: 'test',
  promptTokens: [64],
  outputTokens: [8],
  load: { kind: 'closed', concurrency: [1, 2, 3] },
  repetitions: 2,
  warmup: { requests: 1, until: 'count' },
});

async function host(): Promise<SimHost> {
  const sim = await createSimHost({ models: [MODEL] });
  closing.push(() => sim.close());
  return sim;
}

async function session(url: string, more: Partial<SessionOptions> = {}): Promise<Session> {
  const opened = await openSession({ url, model: MODEL.id, suite, seed: 7, ...more });
  closing.push(() => opened.close());
  return opened;
}

/** Texts of so many chats that reached the host, in their order. A row is written when its answer has been sent. */
async function textsOf(sim: SimHost, count: number): Promise<string[]> {
  const rows = await vi.waitFor(() => {
    const chats = sim.rows().flatMap(({ row }) => (row.req_path === '/v1/chat/completions' ? [row] : []));
    expect(chats).toHaveLength(count);
    return chats;
  });
  return Promise.all(
    rows.map(async ({ id }) => {
      const answer = await fetch(`${sim.url}/api/captures/${id}`);
      const { req_body: body } = (await answer.json()) as { req_body: string };
      const { messages } = JSON.parse(Buffer.from(body, 'base64').toString('utf8')) as {
        messages: { content: string }[];
      };
      return messages[0]?.content ?? '';
    }),
  );
}

async function drive(one: Session, done: Cell[] = []): Promise<{ cells: Cell[]; samples: Sample[] }> {
  const cells = [...done];
  const samples: Sample[] = [];
  for (let next = one.next(cells); next !== null; next = one.next(cells)) {
    const measured = await one.measureCell(next.index, next.spec, { skip: next.skip });
    cells.push(measured.cell);
    samples.push(...measured.samples);
  }
  return { cells, samples };
}

describe('a run that was cut', () => {
  test('goes on with what it has, and sends what it would have sent uncut', async () => {
    const [whole, cut] = [await host(), await host()];
    await drive(await session(whole.url));
    const first = await session(cut.url);
    const start = first.next([]);
    expect(start).toMatchObject({ index: 0, name: 'pp64 tg8 d0 c1', requests: 2, skip: null });
    const { cell } = await first.measureCell(0, start?.spec ?? expect.fail('nothing comes first'));
    await first.close();
    const second = await session(cut.url);
    const { cells } = await drive(second, [cell]);
    expect(cells.map(({ state }) => state)).toEqual(['measured', 'measured', 'measured']);
    // Three cells of a warm-up and two repetitions, and one that each session had counted first.
    const [uncut, inTwo] = [await textsOf(whole, 1 + 18), await textsOf(cut, 2 + 18)];
    expect(new Set(inTwo)).toEqual(new Set(uncut));
    expect(new Set(uncut).size).toBe(uncut.length);
  });

  test('keeps its limits: what was spent before counts', async () => {
    const sim = await host();
    const one = await session(sim.url, {
      suite: SuiteSchema.parse({ ...suite, stop: { maxErrors: 3, maxS: 60 } }),
    });
    expect(one.next([], { ms: 1_000, errors: 2 })?.skip).toBeNull();
    const failed = one.next([], { ms: 1_000, errors: 3 });
    expect(failed?.skip).toBe('3 requests failed');
    expect(one.next([], { ms: 60_001, errors: 0 })?.skip).toBe('60 s are over');
    const before = sim.writes().length;
    const { cell, samples } = await one.measureCell(0, failed?.spec ?? expect.fail('none'), {
      skip: failed?.skip,
    });
    expect(cell).toMatchObject({ state: 'skipped', reason: '3 requests failed' });
    expect([samples.length, sim.writes().length - before]).toEqual([0, 0]);
  });
});

test('a cell that is measured again has the same texts, each with a new beginning, and is cold', async () => {
  const sim = await host();
  const one = await session(sim.url);
  const { spec } = one.next([]) ?? expect.fail('nothing comes first');
  await one.measureCell(0, spec, { attempt: 1 });
  const { samples } = await one.measureCell(0, spec, { attempt: 2 });
  expect(samples.map(({ cacheTokens, status }) => [cacheTokens, status])).toEqual([
    [0, 'ok'],
    [0, 'ok'],
  ]);
  const texts = await textsOf(sim, 1 + 2 * 3);
  const [first, again] = [texts.slice(1, 4), texts.slice(4)];
  const beginning = /^Note [0-9a-f]{8}:/;
  for (const [at, text] of first.entries()) {
    expect(again[at]?.match(beginning)?.[0]).not.toBe(text.match(beginning)?.[0]);
    // The lengths of beginnings in tokens may differ, and so the last words do.
    expect(again[at]?.slice(14, 100)).toBe(text.slice(14, 100));
  }
});

test('a cell that is given up leaves the session open, and close leaves nothing', async () => {
  const sim = await host();
  const stop = new AbortController();
  let seen = 0;
  const one = await session(sim.url, {
    onEvent: (event) => void (event.kind === 'sample' && (seen += 1) === 2 && stop.abort()),
  });
  const { spec } = one.next([]) ?? expect.fail('nothing comes first');
  const cut = await one.measureCell(0, spec, { signal: stop.signal });
  expect(cut.cell).toMatchObject({ reason: 'interrupted', state: 'partial' });
  expect((await one.measureCell(0, spec, { attempt: 1 })).cell.state).toBe('measured');
  await one.close();
  expect(one.next([])?.skip).toBe('interrupted');
  expect((await one.measureCell(0, spec)).cell).toMatchObject({ state: 'skipped', reason: 'interrupted' });
});

test('what is known of GPUs goes into the fingerprint', async () => {
  const sim = await host();
  const gpus = ['RTX 4090, driver 570.86, 450 W'];
  expect((await session(sim.url, { gpus, runId: 'r-1' })).fingerprint.gpus).toEqual(gpus);
  expect((await session(sim.url)).fingerprint).not.toHaveProperty('gpus');
});
