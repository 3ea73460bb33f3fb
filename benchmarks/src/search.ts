import { Agent } from 'node:http';
import { ActivityPageSchema, subjects } from '@boocontrol/contracts';
import { PipelinedPublisher } from '@boocontrol/platform';
import { waitFor, withStack } from '@boocontrol/testing';
import { Client } from 'pg';
import { benchCapture, type Marked } from './captures.js';
import { benchBus } from './facts.js';
import { cpuMsOf, expectCount, percentile, ratio, round, spentOn, table } from './measure.js';
import { text, timed } from './rest.js';

const CAPTURES = 10_000;
/** On their way at a time: their stream takes 256 MB. */
const BATCH = 250;
const ASKED = 40;
const LIMIT = 100;
const HOST = 'bench';

const MARKS: readonly Marked[] = [
  { every: CAPTURES, words: 'zebrafinch' },
  { every: 100, words: 'osprey get_weather' },
  { every: 2, words: 'sparrow hawk' },
];
/** What is looked for, as people and as PostgreSQL write it, and in how many captures it is. */
const SEARCHES = [
  { what: 'a word of one', typed: 'zebrafinch', sql: `'zebrafinch'`, found: 1 },
  { what: 'a word of a hundredth', typed: 'osprey', sql: `'osprey'`, found: CAPTURES / 100 },
  { what: 'a name of a hundredth', typed: 'get_weather', sql: `'get' <-> 'weather'`, found: CAPTURES / 100 },
  { what: 'a word of half of them', typed: 'sparrow', sql: `'sparrow'`, found: CAPTURES / 2 },
  {
    what: 'a phrase of half of them',
    typed: '"sparrow hawk"',
    sql: `'sparrow' <-> 'hawk'`,
    found: CAPTURES / 2,
  },
  { what: 'a word of all', typed: '7pz', sql: `'7pz'`, found: CAPTURES },
  {
    what: 'a phrase of none, its words in half',
    typed: '"hawk sparrow"',
    sql: `'hawk' <-> 'sparrow'`,
    found: 0,
  },
  { what: 'a word of none', typed: 'nightingale', sql: `'nightingale'`, found: 0 },
];

const ROWS = `
  INSERT INTO fleet.requests (
    provider_id, swap_entry_id, ts, model, source, req_path, resp_content_type, status_code, duration_ms,
    cache_tokens, input_tokens, output_tokens, prompt_tps, gen_tps, has_capture, ended_at, stated_at)
  SELECT provider_id, swap_entry_id, ts, 'org/model-' || swap_entry_id % 13, 'bench', '/v1/chat/completions',
    'text/event-stream', 200, 800, 0, 120, 40, 2000, 50, true, ts, ts
  FROM fleet.captures`;
/** The least that could find them: no rows of requests, no piece of their texts. */
const BARE = `
  SELECT provider_id, swap_entry_id, ts FROM fleet.captures WHERE words @@ $1::tsquery ORDER BY ts DESC LIMIT $2`;
const SIZES = `
  SELECT pg_size_pretty(sum(size_bytes)) AS bodies, pg_size_pretty(pg_total_relation_size('fleet.captures')) AS "table",
    pg_size_pretty(pg_relation_size('fleet.captures_words')) AS "index",
    pg_size_pretty(sum(pg_column_size(words))) AS words,
    pg_size_pretty(sum(pg_column_size(prompt_text) + pg_column_size(answer_text))) AS texts
  FROM fleet.captures`;

/** A search in captured texts over REST (HTTP, gateway, bus, fleet-state, PostgreSQL) against the bare statement. */
export async function search(): Promise<void> {
  await withStack(
    ['fleet-state', 'gateway'],
    async ({ nats, postgres, url, service }) => {
      const nc = await benchBus(nats);
      const db = new Client({ connectionString: postgres.url });
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      await db.connect();
      try {
        const publisher = new PipelinedPublisher(nc);
        const pid = service('fleet-state').pid;
        const before = cpuMsOf(pid);
        const spent = await spentOn(() => fill(publisher, db));
        publisher.close();
        const cpuMs = cpuMsOf(pid) - before;
        await db.query(ROWS);
        await db.query('ANALYZE fleet.requests, fleet.captures');
        const { rows } = await db.query<Record<string, string>>(SIZES);
        table(`search: ${CAPTURES} captures stored`, [
          {
            what: 'as they come from the bus',
            'a second': Math.round((CAPTURES / spent.ms) * 1000),
            'service CPU ms each': round(cpuMs / CAPTURES, 2),
            ...rows[0],
          },
        ]);
        table(`search: ${LIMIT} of ${CAPTURES} captures, newest first, with the piece that was found`, [
          ...(await figures(db, url, agent)),
        ]);
      } finally {
        agent.destroy();
        await db.end();
        await nc.close();
      }
    },
    { CAPTURE_BUDGET_MB: '4096' },
  );
}

async function fill(publisher: PipelinedPublisher, db: Client): Promise<void> {
  const subject = subjects.capture(HOST);
  const beganMs = Date.now() - CAPTURES * 60_000;
  const stored = async (): Promise<number> =>
    (await db.query<{ n: number }>('SELECT count(*)::int AS n FROM fleet.captures')).rows[0]?.n ?? 0;
  for (let from = 0; from < CAPTURES; from += BATCH) {
    const some = Array.from({ length: BATCH }, (_, i) =>
      benchCapture(HOST, from + i, beganMs + (from + i) * 60_000, MARKS),
    );
    await Promise.all(
      some.map((capture) =>
        publisher.publish(subject, JSON.stringify(capture), { msgId: `c:${capture.entryId}` }),
      ),
    );
    await waitFor(async () => (await stored()) === from + BATCH, { what: 'a batch', timeoutMs: 120_000 });
  }
}

async function figures(db: Client, url: string, agent: Agent): Promise<Record<string, string | number>[]> {
  const rows: Record<string, string | number>[] = [];
  for (const { what, typed, sql, found } of SEARCHES) {
    const bare = async (): Promise<number> => (await db.query(BARE, [sql, LIMIT + 1])).rows.length;
    const asked = (): Promise<string> =>
      text(`${url}/api/activity?limit=${LIMIT}&text=${encodeURIComponent(typed)}`, agent);
    const page = ActivityPageSchema.parse(JSON.parse(await asked()));
    expectCount(`${what}: rows`, page.rows.length, Math.min(LIMIT, found));
    expectCount(`${what}: rows of the statement`, await bare(), Math.min(LIMIT + 1, found));
    const marked = page.rows.filter((row) => row.found?.parts.some(({ hit }) => hit)).length;
    expectCount(`${what}: rows with a hit that is marked`, marked, page.rows.length);
    const times = { bare: [] as number[], asked: [] as number[] };
    for (let i = 0; i < ASKED; i++) {
      times.bare.push(await timed(bare));
      times.asked.push(await timed(asked));
    }
    rows.push({
      what,
      'statement p50 ms': round(percentile(times.bare, 50), 1),
      'p50 ms': round(percentile(times.asked, 50), 1),
      'p99 ms': round(percentile(times.asked, 99), 1),
      'p50 of the statement': `${ratio(percentile(times.asked, 50), percentile(times.bare, 50))}x`,
    });
  }
  return rows;
}
