import type { BenchCell, Cell, CellSpec, Contamination, Sample } from '@boocontrol/contracts';
import { insertSent, instantSql, jsonRows, type Sent } from '@boocontrol/platform';
import type { DataSource, EntityManager } from 'typeorm';
import type { RunRow } from './run-row.js';
import { SCHEMA } from '../schema.js';
import { jobs } from './jobs.js';
import { summarize } from './summary.repository.js';

/** A cell that is measured again is shown as such; its old figures stand until the new ones are whole. */
const CELL = `
  json_build_object(
    'index', index, 'name', name, 'spec', spec,
    'state', CASE WHEN begun_at IS NOT NULL THEN 'running' WHEN redo THEN 'waiting' ELSE state END,
    'reason', reason, 'attempt', attempt, 'startedAt', ${instantSql('coalesce(begun_at, started_at)')},
    'endedAt', CASE WHEN begun_at IS NULL AND NOT redo THEN ${instantSql('ended_at')} END,
    'warmups', warmups, 'requests', requests, 'figures', figures, 'pollution', pollution, 'contamination',
    contamination
  )`;

const IS_DONE = `state <> 'waiting' AND NOT redo`;

/** In their order, with those that wait; of a run that has ended, none does. */
export async function cellsOfRun(db: DataSource | EntityManager, runId: string): Promise<BenchCell[]> {
  const rows = await db.query<{ cell: BenchCell }[]>(
    `SELECT ${CELL} AS cell FROM bench.cells WHERE run_id = $1 AND (state <> 'waiting' OR
       EXISTS (SELECT FROM bench.runs WHERE id = $1 AND ended_at IS NULL)) ORDER BY index`,
    [runId],
  );
  return rows.map(({ cell }) => cell);
}

/** Cells that are measured or left out, in their order, as the engine has them. */
export async function doneCells(db: DataSource | EntityManager, runId: string): Promise<Cell[]> {
  const rows = await db.query<{ cell: Cell }[]>(
    `SELECT json_build_object('name', name, 'spec', spec, 'state', state, 'reason', reason, 'warmups', warmups,
       'requests', requests, 'figures', figures, 'pollution', pollution) AS cell
     FROM bench.cells WHERE run_id = $1 AND ${IS_DONE} ORDER BY index`,
    [runId],
  );
  return rows.map(({ cell }) => cell);
}

/** Cells that were measured before and are to be measured again. */
export function cellsToRedo(
  db: DataSource,
  runId: string,
): Promise<{ index: number; name: string; spec: CellSpec }[]> {
  return db.query(`SELECT index, name, spec FROM bench.cells WHERE run_id = $1 AND redo ORDER BY index`, [
    runId,
  ]);
}

export interface Planned {
  index: number;
  name: string;
  spec: CellSpec;
  /** Requests that are measured. */
  requests: number;
}

/** Shows what is to come. Those that are there already stay as they are. */
export async function planCells(
  manager: EntityManager,
  runId: string,
  cells: readonly Planned[],
): Promise<void> {
  const rows = cells.map(({ index, name, spec, requests }) => ({
    index,
    name,
    spec,
    requests: { asked: requests, ok: 0, errors: 0, incomplete: 0, aborted: 0 },
  }));
  await manager.query(
    `INSERT INTO bench.cells (run_id, index, name, spec, requests, state, figures, pollution, contamination)
     SELECT $1, index, name, spec, requests, 'waiting', '{}', '[]', '[]'
     FROM json_to_recordset($2::json) AS row (index int, name text, spec jsonb, requests jsonb)
     ON CONFLICT (run_id, index) DO NOTHING`,
    [runId, jsonRows(rows)],
  );
}

/** Which worker does something to a run. */
export interface Held {
  id: string;
  worker: string;
}

const MINE = `state = 'running' AND worker = $2`;

/** Begins a cell, or begins it again. @returns which attempt it is, from 1; null: the run is not this worker's any more */
export function beginCell(db: DataSource, { id, worker }: Held, planned: Planned): Promise<number | null> {
  return db.transaction(async (manager) => {
    const row = await jobs.change(manager, id, { set: `worker = $2`, condition: MINE, params: [worker] });
    if (row === null) return null;
    await planCells(manager, id, [planned]);
    const [[begun]] = await manager.query<[{ attempt: number }[], number]>(
      `UPDATE bench.cells SET begun_at = clock_timestamp(), attempt = attempt + 1
       WHERE run_id = $1 AND index = $2 RETURNING attempt`,
      [id, planned.index],
    );
    if (begun === undefined) throw new Error(`cell ${planned.index} of run ${id} is not there`);
    return begun.attempt;
  });
}

/** A cell that was measured whole, or as far as a limit of its suite let it. */
export interface Measured {
  index: number;
  attempt: number;
  cell: Cell;
  samples: readonly Sample[];
  sent: readonly Sent[];
  /** First send and last end of what was measured, Unix milliseconds; null: nothing was sent. */
  window: { fromMs: number; untilMs: number } | null;
  /** Of the run with this cell. */
  spent: { ms: number; errors: number };
}

const INSTANT_OF_MS = (param: string): string => `to_timestamp(${param}::float8 / 1000)`;

/** Writes a cell and its samples over what was there of it, and tells of it. null: the run is not this worker's any more. */
export function storeCell(
  db: DataSource,
  { id, worker }: Held,
  { index, attempt, cell, samples, sent, window, spent }: Measured,
): Promise<RunRow | null> {
  return db.transaction(async (manager) => {
    const row = await jobs.change(manager, id, {
      set: `spent_ms = $3, spent_errors = $4, heartbeat_at = clock_timestamp(), takeovers = 0`,
      condition: MINE,
      params: [worker, spent.ms, spent.errors],
    });
    if (row === null) return null;
    await manager.query(
      `UPDATE bench.cells SET name = $3, spec = $4, state = $5, reason = $6, redo = false, started_at = begun_at,
         begun_at = NULL, ended_at = clock_timestamp(), measured_from = ${INSTANT_OF_MS('$7')},
         measured_until = ${INSTANT_OF_MS('$8')}, warmups = $9, requests = $10, figures = $11, pollution = $12,
         contamination = '[]'
       WHERE run_id = $1 AND index = $2`,
      [
        id,
        index,
        cell.name,
        JSON.stringify(cell.spec),
        cell.state,
        cell.reason,
        window?.fromMs ?? null,
        window?.untilMs ?? null,
        cell.warmups,
        JSON.stringify(cell.requests),
        JSON.stringify(cell.figures),
        JSON.stringify(cell.pollution),
      ],
    );
    await manager.query(`DELETE FROM bench.samples WHERE run_id = $1 AND cell = $2`, [id, index]);
    await insertSamples(manager, id, index, samples);
    await insertSent(manager, SCHEMA, { runId: id, cell: index, attempt }, sent);
    await jobs.tell(manager, row, 'cell', { index, cell: cell.name, state: cell.state });
    return summarize(manager, id);
  });
}

/** In the order of their sending. One statement for so many: gaps between tokens make samples long. */
const AT_ONCE = 500;

/** Samples of a cell that has none. */
export async function insertSamples(
  manager: EntityManager,
  runId: string,
  cell: number,
  samples: readonly Sample[],
): Promise<void> {
  const rows = samples
    .toSorted((a, b) => a.startMs - b.startMs)
    .map((sample, n) => ({ n, sample: { ...sample, cell } }));
  for (let from = 0; from < rows.length; from += AT_ONCE)
    await manager.query(
      `INSERT INTO bench.samples (run_id, cell, n, sample)
       SELECT $1, $2, n, sample FROM json_to_recordset($3::json) AS row (n int, sample jsonb)`,
      [runId, cell, jsonRows(rows.slice(from, from + AT_ONCE))],
    );
}

/** What else happened to the host while it was measured. */
export async function writeMarks(
  manager: EntityManager,
  runId: string,
  index: number,
  marks: readonly Contamination[],
): Promise<void> {
  await manager.query(`UPDATE bench.cells SET contamination = $3 WHERE run_id = $1 AND index = $2`, [
    runId,
    index,
    JSON.stringify(marks),
  ]);
}
