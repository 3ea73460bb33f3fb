import type {
  Contamination,
  EvalItemResult,
  EvalKind,
  EvalOutcome,
  EvalRun,
  EvalRunsPage,
  EvalRunsQuerySchema,
  EvalSample,
  EvalSampleHead,
  EvalSamplesPage,
  EvalSamplesQuerySchema,
} from '@boocontrol/contracts';
import {
  CursorInstant,
  cursorCodec,
  fitPage,
  instantSql,
  MAX_REPLY_BYTES,
  pageOf,
} from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Transcript } from '../asking/types.js';
import { RUN } from './run-row.js';

/** ended, id: the order of ended runs. */
const endedCursor = cursorCodec('e', z.tuple([CursorInstant, z.uuid()]));
/** Place in the run: the order of samples. */
const sampleCursor = cursorCodec('s', z.tuple([z.int().min(0)]));

const IS_MEANT = `
  ($1::text IS NULL OR provider_id = $1) AND ($2::text IS NULL OR model = $2)
  AND ($3::text IS NULL OR suite_name = $3) AND ($4::text IS NULL OR state = $4)`;

/** Open ones share an answer with a page of ended ones. */
const OPEN_BYTES = MAX_REPLY_BYTES / 2;

/** One page. @throws {CallError} `bad_cursor` */
export async function listRuns(
  db: DataSource,
  { providerId, model, suite, state, limit, cursor }: z.output<typeof EvalRunsQuerySchema>,
): Promise<EvalRunsPage> {
  const [endedAt, id] = cursor === undefined ? [null, null] : endedCursor.decode(cursor);
  const meant = [providerId ?? null, model ?? null, suite ?? null, state ?? null];
  const open = await db.query<{ run: EvalRun }[]>(
    `SELECT ${RUN} AS run FROM evals.runs WHERE ended_at IS NULL AND ${IS_MEANT}
     ORDER BY (state = 'queued'), queued_at, id LIMIT 1000`,
    meant,
  );
  const found = await db.query<{ run: EvalRun }[]>(
    `SELECT ${RUN} AS run FROM evals.runs WHERE ended_at IS NOT NULL AND ${IS_MEANT}
       AND ($5::timestamptz IS NULL OR (ended_at, id) < ($5::timestamptz, $6::uuid))
     ORDER BY ended_at DESC, id DESC LIMIT $7`,
    [...meant, endedAt, id, limit + 1],
  );
  const shown = fitPage(
    open.map(({ run }) => run),
    OPEN_BYTES,
  );
  const all = found.map(({ run }) => run);
  const { page, nextCursor } = pageOf(all, limit, cursorOf);
  const ended = fitPage(page, OPEN_BYTES);
  const last = ended.at(-1);
  const isCut = last !== undefined && ended.length < page.length;
  return { open: shown, ended, nextCursor: isCut ? cursorOf(last) : nextCursor };
}

const cursorOf = ({ endedAt, id }: EvalRun): string => endedCursor.encode([endedAt ?? '', id]);

export interface SampleState {
  item: string;
  kind: EvalKind;
  sample: number;
  state: EvalItemResult['samples'][number]['state'];
  outcome: EvalOutcome | null;
  contamination: Contamination[];
}

/** In the order of the suite. */
export function sampleStates(db: DataSource, runId: string): Promise<SampleState[]> {
  return db.query(
    `SELECT item, kind, sample, state, outcome, contamination FROM evals.samples WHERE run_id = $1 ORDER BY n`,
    [runId],
  );
}

/** What lists and the sample itself have in common. */
const HEAD = `
  item, sample, kind, outcome, reason, ${instantSql('at')} AS at, seed::float8 AS seed, prompt_tokens AS "promptTokens",
  output_tokens AS "outputTokens", ttft_ms AS "ttftMs", e2e_ms AS "e2eMs", gen_tps AS "genTps",
  finish_reason AS "finishReason", contamination <> '[]' AS "isContaminated"`;

const START = `
  coalesce(left((SELECT said->>'content' FROM jsonb_array_elements(transcript->'answer') WITH ORDINALITY AS a (said, nth)
    WHERE said->>'role' = 'assistant' ORDER BY nth DESC LIMIT 1), 300), '')`;

/** One page of the samples of a run that have their outcome. @throws {CallError} `bad_cursor` */
export async function listSamples(
  db: DataSource,
  { id, outcome, item, limit, cursor }: z.output<typeof EvalSamplesQuerySchema>,
): Promise<EvalSamplesPage> {
  const [after] = cursor === undefined ? [null] : sampleCursor.decode(cursor);
  const rows = await db.query<(EvalSampleHead & { n: number })[]>(
    `SELECT n, ${HEAD}, ${START} AS "answerStart" FROM evals.samples
     WHERE run_id = $1 AND outcome IS NOT NULL AND ($2::text IS NULL OR outcome = $2)
       AND ($3::text IS NULL OR item = $3) AND ($4::int IS NULL OR n > $4)
     ORDER BY n LIMIT $5`,
    [id, outcome ?? null, item ?? null, after, limit + 1],
  );
  const { page, nextCursor } = pageOf(rows, limit, ({ n }) => sampleCursor.encode([n]));
  return { samples: page.map(({ n: _n, ...head }) => head), nextCursor };
}

/** A sample as it is stored. */
export type StoredSample = Omit<EvalSample, 'run' | 'question' | 'prompt' | 'answer' | 'reasoning'> & {
  transcript: Transcript | null;
};

/** null: there is no such sample, or it has no outcome yet. */
export async function findSample(
  db: DataSource,
  { id, item, sample }: { id: string; item: string; sample: number },
): Promise<StoredSample | null> {
  const [row] = await db.query<StoredSample[]>(
    `SELECT ${HEAD}, coalesce(prompt_hash, '') AS "promptHash",
       coalesce(sampler, (SELECT sampler FROM evals.runs WHERE id = run_id)) AS sampler, is_cut AS "answerCut", files,
       findings, output, transcript,
       CASE WHEN regraded IS NULL THEN NULL ELSE json_build_object('was', regraded->>'was',
         'at', ${instantSql("(regraded->>'at')::timestamptz")}) END AS regraded
     FROM evals.samples WHERE run_id = $1 AND item = $2 AND sample = $3 AND outcome IS NOT NULL`,
    [id, item, sample],
  );
  return row ?? null;
}
