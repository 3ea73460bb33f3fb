import type { EvidenceTables } from '@boocontrol/platform';
import { SCHEMA } from '../schema.js';

/** Where cells stand that are judged by what was heard of their host. */
export const EVIDENCE: EvidenceTables = {
  schema: SCHEMA,
  isMeasured: `kind = 'measured'`,
  path: `CASE run.suite->>'endpoint' WHEN 'chat' THEN '/chat/completions' ELSE '/completions' END`,
  windows: `
    SELECT index, extract(epoch FROM measured_from)::float8 * 1000 AS "fromMs",
      extract(epoch FROM measured_until)::float8 * 1000 AS "untilMs"
    FROM bench.cells WHERE run_id = $1 AND measured_from IS NOT NULL ORDER BY index`,
  marks: `
    SELECT index, name, contamination AS marks FROM bench.cells
    WHERE run_id = $1 AND state <> 'waiting' ORDER BY index`,
  unlistedSince: `SELECT max(ended_at) FROM bench.cells WHERE run_id = run.id`,
};
