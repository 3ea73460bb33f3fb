import { UNATTRIBUTED } from '@boocontrol/contracts';
import type { EvidenceTables, Expected } from '@boocontrol/platform';
import { SCHEMA } from '../schema.js';
import { OUR_SOURCE } from './our-source.js';

/** Where samples stand that are judged by what was heard of their host. */
export const EVIDENCE: EvidenceTables = {
  schema: SCHEMA,
  isMeasured: 'true',
  path: `'/chat/completions'`,
  windows: `
    SELECT n AS index, started_ms AS "fromMs", ended_ms AS "untilMs" FROM evals.samples
    WHERE run_id = $1 AND started_ms IS NOT NULL ORDER BY n`,
  marks: `
    SELECT n AS index, item AS name, contamination AS marks FROM evals.samples
    WHERE run_id = $1 AND outcome IS NOT NULL ORDER BY n`,
  // Samples side by side end in any order, so whatever was sent in the run may be in no list.
  unlistedSince: `NULL::timestamptz`,
};

export const EXPECTED: Expected = { source: OUR_SOURCE, unknown: UNATTRIBUTED };
