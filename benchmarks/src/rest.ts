import { ActivityPageSchema } from '@boocontrol/contracts';
import { withStack } from '@boocontrol/testing';
import { Agent, get } from 'node:http';
import { Client } from 'pg';
import { expectCount, percentile, ratio, round, table } from './measure.js';

const ROWS = 200_000;
const ASKED = 300;
const LIMIT = 100;

const FILL = `
  INSERT INTO fleet.requests (
    provider_id, swap_entry_id, ts, model, source, req_path, resp_content_type, status_code, duration_ms,
    cache_tokens, input_tokens, output_tokens, prompt_tps, gen_tps, has_capture, ended_at, stated_at)
  SELECT 'host-' || i % 8, i, t, 'org/model-' || i % 13, 'bench', '/v1/chat/completions', 'application/json', 200,
    800, 0, 120, 40, 2000, 50, false, t, t
  FROM generate_series(1, $1::int) AS i, LATERAL (SELECT now() - i * INTERVAL '2 seconds' AS t) AS times`;

/** What fleet-state asks for the first page of the feed (activity.repository.ts), one row more than a page. */
const instant = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
const PAGE = `
  SELECT provider_id AS "providerId", swap_entry_id::float8 AS "entryId", ${instant('ts')} AS ts, model, source,
    req_path AS "reqPath", resp_content_type AS "respContentType", status_code AS "statusCode",
    duration_ms AS "durationMs", cache_tokens::float8 AS "cacheTokens", input_tokens::float8 AS "inputTokens",
    output_tokens::float8 AS "outputTokens", draft_tokens::float8 AS "draftTokens",
    draft_accepted_tokens::float8 AS "draftAcceptedTokens", prompt_tps AS "promptTps", gen_tps AS "genTps",
    has_capture AS "hasCapture", error_msg AS "errorMsg"
  FROM fleet.requests ORDER BY fleet.requests.ts DESC, provider_id DESC, swap_entry_id DESC LIMIT $1`;

/** A page of the feed over REST (HTTP, gateway, bus, fleet-state, PostgreSQL) against the statement alone. */
export async function rest(): Promise<void> {
  await withStack(['fleet-state', 'gateway'], async ({ postgres, url }) => {
    const db = new Client({ connectionString: postgres.url });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await db.connect();
    try {
      await db.query(FILL, [ROWS]);
      await db.query('ANALYZE fleet.requests');
      const direct = async (): Promise<unknown[]> => (await db.query(PAGE, [LIMIT + 1])).rows;
      const asked = async (): Promise<string> => text(`${url}/api/activity?limit=${LIMIT}`, agent);
      const page = ActivityPageSchema.parse(JSON.parse(await asked()));
      const rows = (await direct()).slice(0, LIMIT) as { entryId: number }[];
      expectCount('rows in a page', page.rows.length, LIMIT);
      const same = page.rows.filter(({ entryId }, i) => entryId === rows[i]?.entryId).length;
      expectCount('rows that are those of the statement', same, LIMIT);

      const times = { direct: [] as number[], asked: [] as number[] };
      for (let i = 0; i < ASKED; i++) {
        times.direct.push(await timed(direct));
        times.asked.push(await timed(asked));
      }
      const p = { d50: percentile(times.direct, 50), d99: percentile(times.direct, 99) };
      const row = (way: string, all: readonly number[]) => ({
        way,
        'p50 ms': round(percentile(all, 50), 2),
        'p99 ms': round(percentile(all, 99), 2),
        'p50 of the limit': `${ratio(percentile(all, 50), p.d50)}x`,
        'p99 of the limit': `${ratio(percentile(all, 99), p.d99)}x`,
      });
      table(`REST: ${LIMIT} of ${ROWS} rows`, [
        row('the statement, by pg', times.direct),
        row('GET /api/activity', times.asked),
      ]);
    } finally {
      agent.destroy();
      await db.end();
    }
  });
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

export function text(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(parts).toString();
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`GET ${url}: ${response.statusCode} ${body}`));
      });
    }).on('error', reject);
  });
}
