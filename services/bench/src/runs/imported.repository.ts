import { randomUUID } from 'node:crypto';
import type { BenchRun, BenchTarget } from '@boocontrol/contracts';
import { jsonRows } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import { RUN } from './run-row.js';
import { IMPORTED, type Imported } from './imported.js';

/** As jsonb takes it: texts of llama-bench may hold anything. */
const json = (value: object): string => jsonRows([value]).slice(1, -1);

/** A run that has ended. It has no fingerprint key, so that nothing is held against it by itself. */
const INSERT = `
  INSERT INTO bench.runs (id, launch, version, kind, suite_name, suite_hash, suite, provider_id, model, state, reason, source,
    confirmed, seed, created_at, queued_at, started_at, ended_at, cells_total, cells_done, headline, fingerprint)
  SELECT $1, $1, 1, 'imported', $2, $3, $4, $5, $6, 'succeeded', $7, $8, false, 0, now, now, $9, $10, $11, $11, $12, $13
  FROM (SELECT clock_timestamp() AS now) AS clock
  RETURNING ${RUN} AS run`;

const INSERT_CELLS = `
  INSERT INTO bench.cells
    (run_id, index, name, spec, state, attempt, started_at, ended_at, requests, figures, pollution, contamination)
  SELECT $1, index, name, spec, 'measured', 1, $3, $4, requests, figures, '[]', '[]'
  FROM json_to_recordset($2::json) AS cell (index int, name text, spec jsonb, requests jsonb, figures jsonb)`;

export function storeImported(
  db: DataSource,
  { providerId, model }: BenchTarget,
  source: string,
  imported: Imported,
): Promise<BenchRun> {
  const { suite, suiteHash, reason, startedAt, endedAt, headline, fingerprint, cells } = imported;
  const id = randomUUID();
  return db.transaction(async (manager) => {
    const [row] = await manager.query<{ run: BenchRun }[]>(INSERT, [
      ...[id, IMPORTED, suiteHash, json(suite), providerId, model],
      ...[reason === null ? null : json(reason), source, startedAt, endedAt, cells.length],
      ...[json(headline), json(fingerprint)],
    ]);
    if (row === undefined) throw new Error('a row that was inserted was not returned');
    const rows = cells.map(({ name, spec, requests, figures }, index) => ({
      index,
      name,
      spec,
      requests,
      figures,
    }));
    await manager.query(INSERT_CELLS, [id, jsonRows(rows), startedAt, endedAt]);
    return row.run;
  });
}
