import { randomUUID } from 'node:crypto';
import type { BenchTarget, Contamination, FigureKey, Summary } from '@boocontrol/contracts';
import type { DataSource } from 'typeorm';

export interface StoredCell {
  name?: string;
  concurrency?: number;
  outputTokens?: number;
  figures?: Partial<Record<FigureKey, number>>;
  contamination?: Contamination[];
  /** Reasons. */
  pollution?: string[];
  /** Seconds that it took. */
  tookS?: number;
}

export interface StoredRun extends Partial<BenchTarget> {
  suiteName?: string;
  suiteHash?: string;
  kind?: 'measured' | 'imported';
  state?: string;
  /** When it ended, hours ago; null: it has not. */
  agoH?: number | null;
  engineBuild?: string | null;
  loadMs?: number | null;
  cells?: StoredCell[];
  scheduleId?: string;
}

export const summary = (median: number): Summary => ({
  n: 5,
  median,
  low: median - 1,
  high: median + 1,
  p95: null,
  p99: null,
  min: median - 2,
  max: median + 2,
  repetitions: [median - 2, median - 1, median, median + 1, median + 2],
});

const SUITE = { name: 'stored', promptTokens: [512], outputTokens: [64] };

/** Puts a run into the tables as if it had been measured; resolves to its id. */
export async function storeRun(db: DataSource, run: StoredRun = {}): Promise<string> {
  const id = randomUUID();
  const { agoH = 1, state = agoH === null ? 'running' : 'succeeded', cells = [{}] } = run;
  const touched = cells.filter(({ contamination = [] }) => contamination.length > 0).length;
  const fingerprint = { engineBuild: run.engineBuild === undefined ? 'b7112' : run.engineBuild };
  await db.query(
    `INSERT INTO bench.runs (id, launch, version, kind, suite_name, suite_hash, suite, provider_id, model, state, source,
       confirmed, schedule_id, seed, created_at, queued_at, started_at, ended_at, cells_total, cells_done, contaminated,
       fingerprint, fingerprint_key, load_ms)
     SELECT $1, $1, 1, $2, $3, $4, $5, $6, $7, $8, 'test', false, $9, 7, began, began, began, ended, $10, $10, $11, $12,
       $13, $14
     FROM (SELECT at - interval '10 minutes' AS began, CASE WHEN $15::float8 IS NULL THEN NULL ELSE at END AS ended
       FROM (SELECT clock_timestamp() - make_interval(secs => coalesce($15::float8, 0) * 3600) AS at) AS a) AS times`,
    [
      id,
      run.kind ?? 'measured',
      run.suiteName ?? 'quick',
      run.suiteHash ?? 'hash',
      JSON.stringify(SUITE),
      run.providerId ?? 'tower',
      run.model ?? 'm',
      state,
      run.scheduleId ?? null,
      cells.length,
      touched,
      cells.length === 0 ? null : JSON.stringify(fingerprint),
      'key',
      run.loadMs ?? null,
      agoH,
    ],
  );
  for (const [index, cell] of cells.entries()) await storeCell(db, id, index, cell);
  return id;
}

async function storeCell(db: DataSource, runId: string, index: number, cell: StoredCell): Promise<void> {
  const { concurrency = 1, outputTokens = 64, figures = { genTps: 60, ttftMs: 400 }, tookS = 60 } = cell;
  const spec = { promptTokens: 512, outputTokens, depth: 0, load: { kind: 'closed', concurrency } };
  const summaries = Object.entries(figures).map(([key, value]) => [key, summary(value)] as const);
  const requests = { asked: 5, ok: 5, errors: 0, incomplete: 0, aborted: 0 };
  await db.query(
    `INSERT INTO bench.cells
       (run_id, index, name, spec, state, attempt, started_at, ended_at, requests, figures, pollution, contamination)
     SELECT $1, $2, $3, $4, 'measured', 1, began, began + make_interval(secs => $5), $6, $7, $8, $9
     FROM (SELECT started_at AS began FROM bench.runs WHERE id = $1) AS run`,
    [
      runId,
      index,
      cell.name ?? `pp512 tg${outputTokens} d0 c${concurrency}`,
      JSON.stringify(spec),
      tookS,
      JSON.stringify(requests),
      JSON.stringify(Object.fromEntries(summaries)),
      JSON.stringify((cell.pollution ?? []).map((reason) => ({ reason, samples: 1 }))),
      JSON.stringify(cell.contamination ?? []),
    ],
  );
}
