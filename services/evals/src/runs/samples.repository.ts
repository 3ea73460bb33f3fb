import type { EvalKind, EvalOutcome, EvalSampler, Problem } from '@boocontrol/contracts';
import { insertSent, jsonRows, type Sent } from '@boocontrol/platform';
import type { DataSource, EntityManager } from 'typeorm';
import type { Transcript } from '../asking/types.js';
import type { Grade } from '../grading/types.js';
import { SCHEMA } from '../schema.js';

/** A sample that is to be asked. */
export interface PlannedSample {
  item: string;
  /** Which one of the item, from 0. */
  sample: number;
  /** Its place in the run, from 0. */
  n: number;
  kind: EvalKind;
  seed: number;
}

/** Who may write: only a worker that holds the run, under the lease that it acquired last. */
export interface Held {
  id: string;
  worker: string;
  leaseId: string;
}

/** What its requests took, by the clock that sent them. */
export interface SampleTimes {
  startedMs: number;
  endedMs: number;
  ttftMs: number | null;
  e2eMs: number | null;
  genTps: number | null;
}

/** A sample with its outcome. */
export interface DoneSample {
  attempt: number;
  grade: Grade;
  transcript: Transcript | null;
  /** The transcript was longer than is kept. */
  isCut: boolean;
  /** null: nothing was sent. */
  times: SampleTimes | null;
  promptHash: string | null;
  sampler: EvalSampler;
  sent: readonly Sent[];
}

/** Writes the rows that samples are kept in, before anything is asked. */
export async function planSamples(
  manager: EntityManager,
  runId: string,
  samples: readonly PlannedSample[],
): Promise<void> {
  await manager.query(
    `INSERT INTO evals.samples (run_id, item, sample, n, kind, seed)
     SELECT $1, item, sample, n, kind, seed FROM json_to_recordset($2::json)
       AS row (item text, sample int, n int, kind text, seed bigint)`,
    [runId, jsonRows(samples)],
  );
}

/** Those without an outcome, in the order of the suite; what a worker that is gone left half done is one of them. */
export function openSamples(db: DataSource, runId: string): Promise<PlannedSample[]> {
  return db.query(
    `SELECT item, sample, n, kind, seed::float8 AS seed FROM evals.samples
     WHERE run_id = $1 AND outcome IS NULL ORDER BY n`,
    [runId],
  );
}

/** Says where a sample is. null: it has its outcome, or the run is another worker's. @returns which attempt at it this is */
export async function beginSample(
  db: DataSource,
  { id, worker, leaseId }: Held,
  n: number,
): Promise<number | null> {
  const [[row]] = await db.query<[{ attempt: number }[], number]>(
    `UPDATE evals.samples SET state = 'asking', attempt = attempt + 1
     WHERE run_id = $1 AND n = $2 AND outcome IS NULL AND EXISTS (
       SELECT 1 FROM evals.runs WHERE id = $1 AND state = 'running' AND worker = $3 AND lease_id = $4)
     RETURNING attempt`,
    [id, n, worker, leaseId],
  );
  return row?.attempt ?? null;
}

/** For whoever watches. */
export async function noteGrading(db: DataSource, runId: string, n: number): Promise<void> {
  await db.query(
    `UPDATE evals.samples SET state = 'grading' WHERE run_id = $1 AND n = $2 AND outcome IS NULL`,
    [runId, n],
  );
}

/** What was under way waits for whoever goes on with the run. */
export async function dropUnfinished(manager: EntityManager, runId: string): Promise<void> {
  await manager.query(
    `UPDATE evals.samples SET state = 'waiting' WHERE run_id = $1 AND state IN ('asking', 'grading')`,
    [runId],
  );
}

/** @returns whether it was stored: not if it has its outcome already, or the run is another worker's */
export function storeSample(db: DataSource, held: Held, n: number, done: DoneSample): Promise<boolean> {
  return db.transaction(async (manager) => {
    // Whoever takes the run over waits for this, or this for it.
    const [run] = await manager.query<unknown[]>(
      `SELECT 1 FROM evals.runs WHERE id = $1 AND state = 'running' AND worker = $2 AND lease_id = $3
       FOR NO KEY UPDATE`,
      [held.id, held.worker, held.leaseId],
    );
    if (run === undefined) return false;
    const [, stored] = await manager.query<[unknown, number]>(STORE, [held.id, n, ...valuesOf(done)]);
    if (stored === 0) return false;
    await insertSent(manager, SCHEMA, { runId: held.id, cell: n, attempt: done.attempt }, done.sent);
    await manager.query(
      `UPDATE evals.runs SET version = version + 1, done = done + 1,
         outcomes = jsonb_set(outcomes, ARRAY[$2], to_jsonb(coalesce((outcomes->>$2)::int, 0) + 1))
       WHERE id = $1`,
      [held.id, done.grade.outcome],
    );
    return true;
  });
}

const STORE = `
  UPDATE evals.samples SET state = 'done', outcome = $3, reason = $4, findings = $5, files = $6, output = $7,
    transcript = $8, is_cut = $9, prompt_tokens = $10, output_tokens = $11, finish_reason = $12,
    started_ms = $13, ended_ms = $14, at = coalesce(to_timestamp($13::float8 / 1000), clock_timestamp()),
    ttft_ms = $15, e2e_ms = $16, gen_tps = $17, prompt_hash = $18, sampler = $19
  WHERE run_id = $1 AND n = $2 AND outcome IS NULL`;

function valuesOf({ grade, transcript, isCut, times, promptHash, sampler }: DoneSample): unknown[] {
  return [
    ...graded(grade),
    ...[json(transcript), isCut, transcript?.promptTokens ?? null, transcript?.outputTokens ?? null],
    ...[transcript?.finishReason ?? null, times?.startedMs ?? null, times?.endedMs ?? null],
    ...[times?.ttftMs ?? null, times?.e2eMs ?? null, times?.genTps ?? null, promptHash, json(sampler)],
  ];
}

const graded = ({ outcome, reason, findings, files, output }: Grade): unknown[] => [
  ...[outcome, json(reason), JSON.stringify(findings), json(files), json(output)],
];

const json = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));

/** What is needed to grade a sample once more. */
export interface GradedSample {
  item: string;
  outcome: EvalOutcome;
  transcript: Transcript | null;
}

/** Locked until the transaction ends. null: there is no such sample, or it is not done. */
export async function gradedSample(
  manager: EntityManager | DataSource,
  { id, item, sample }: { id: string; item: string; sample: number },
): Promise<GradedSample | null> {
  const [row] = await manager.query<GradedSample[]>(
    `SELECT item, outcome, transcript FROM evals.samples
     WHERE run_id = $1 AND item = $2 AND sample = $3 AND outcome IS NOT NULL`,
    [id, item, sample],
  );
  return row ?? null;
}

/** Keeps a new grade beside what it was before. false: the run was begun again, or is gone. */
export async function writeGrade(
  manager: EntityManager,
  { id, item, sample }: { id: string; item: string; sample: number },
  grade: Grade,
): Promise<boolean> {
  const [run] = await manager.query<unknown[]>(
    `SELECT 1 FROM evals.runs WHERE id = $1 AND ended_at IS NOT NULL FOR NO KEY UPDATE`,
    [id],
  );
  if (run === undefined) return false;
  const [, written] = await manager.query<[unknown, number]>(
    `UPDATE evals.samples SET
       regraded = jsonb_build_object('at', to_json(clock_timestamp()), 'was', coalesce(regraded->>'was', outcome)),
       outcome = $4, reason = $5, findings = $6, files = $7, output = $8
     WHERE run_id = $1 AND item = $2 AND sample = $3 AND outcome IS NOT NULL`,
    [id, item, sample, ...graded(grade)],
  );
  return written > 0;
}

/** Samples of our fault are asked again, those of items that are asked no more are forgotten. @returns how many wait then */
export async function reopenSamples(
  manager: EntityManager,
  runId: string,
  retired: ReadonlySet<string>,
): Promise<number> {
  await manager.query(
    `UPDATE evals.samples SET state = 'waiting', outcome = NULL, reason = NULL
     WHERE run_id = $1 AND outcome = 'harness_error'`,
    [runId],
  );
  await manager.query(
    `DELETE FROM evals.samples WHERE run_id = $1 AND outcome IS NULL AND item = ANY($2::text[])`,
    [runId, [...retired]],
  );
  const [row] = await manager.query<{ open: number }[]>(
    `SELECT count(*)::int AS open FROM evals.samples WHERE run_id = $1 AND outcome IS NULL`,
    [runId],
  );
  return row?.open ?? 0;
}

/** Why a sample has no answer, kept as its outcome. */
export const noAnswer = (outcome: EvalOutcome, reason: Problem): Grade => ({
  ...{ outcome, reason, files: null, findings: [], output: null },
});
