import type { BenchFastestSchema, BenchTarget } from '@boocontrol/contracts';
import { instantSql } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import type { z } from 'zod';

type Fastest = z.output<typeof BenchFastestSchema>;
type Host = Fastest['models'][number]['hosts'][number];

const MOST = 2_000;
const median = (figure: string): string => `(c.figures #>> '{${figure},median}')::float8`;

/**
 * Of each model of each host the newest run that has a clean cell with one request at a time, and of those cells the one
 * with the longest answer. Runs of a host and model are found by their index, and cells of no other runs are read.
 */
export const FASTEST = `
  SELECT asked.provider_id AS "providerId", asked.model, best.*
  FROM (
    SELECT DISTINCT provider_id, model FROM bench.runs WHERE kind = 'measured' AND ended_at IS NOT NULL
  ) AS asked CROSS JOIN LATERAL (
    SELECT r.id AS "runId", ${instantSql('r.started_at')} AS at, cell.*
    FROM bench.runs r CROSS JOIN LATERAL (
      SELECT c.name AS cell, ${median('genTps')} AS "genTps", ${median('ttftMs')} AS "ttftMs",
        ${median('promptTps')} AS "promptTps"
      FROM bench.cells c
      WHERE c.run_id = r.id AND c.state = 'measured' AND c.contamination = '[]' AND c.pollution = '[]'
        AND c.spec #>> '{load,kind}' = 'closed' AND c.spec #>> '{load,concurrency}' = '1' AND c.figures <> '{}'
      ORDER BY (c.spec->>'outputTokens')::int DESC, (c.spec->>'depth')::int, c.index LIMIT 1
    ) AS cell
    WHERE r.provider_id = asked.provider_id AND r.model = asked.model AND r.kind = 'measured'
      AND r.ended_at IS NOT NULL AND r.started_at IS NOT NULL
    ORDER BY r.ended_at DESC LIMIT 1
  ) AS best
  ORDER BY asked.model, best."genTps" DESC NULLS LAST, asked.provider_id LIMIT ${MOST}`;

export async function fastestHosts(db: DataSource): Promise<Fastest> {
  const rows = await db.query<(Host & BenchTarget)[]>(FASTEST);
  const models = new Map<string, Host[]>();
  for (const { model, ...host } of rows) models.set(model, [...(models.get(model) ?? []), host]);
  return { models: [...models].map(([model, hosts]) => ({ model, hosts })) };
}
