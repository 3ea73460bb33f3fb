import { counter, histogram, type BusMessage } from '@boocontrol/platform';
import { instantToMs } from '@boocontrol/fleet-model';
import type { Perf, Request } from '@boocontrol/contracts';
import type { DataSource } from 'typeorm';
import { insertPerf } from '../perf/samples.repository.js';
import type { NewRows } from './new-rows.js';
import type { LogFact } from './history-fact.js';
import type { LogPosition } from './log-position.js';
import { gapRow, livenessRow, modelChangedRow, type ModelEventRow } from './model-event-rows.js';
import { insertModelEvents, insertRequests } from './projection.repository.js';

const inserted = counter('boo_projection_rows_total', 'Rows inserted', ['table']);
const duplicates = counter('boo_projection_duplicates_total', 'Rows that were there already', ['table']);
const seconds = histogram(
  'boo_projection_batch_seconds',
  'Time to write a batch',
  [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
);

interface Tables {
  requests: Request[];
  perf_samples: Perf[];
  model_events: ModelEventRow[];
}

/** Facts in, rows out: each batch is one transaction, and a fact that comes again changes nothing. */
export class Projector {
  constructor(
    private readonly source: DataSource,
    private readonly position: LogPosition,
    private readonly news: Pick<NewRows, 'tell'>,
  ) {}

  /** Resolves after the commit. Thrown: what PostgreSQL refuses, and its absence. */
  async write(batch: readonly BusMessage<LogFact>[]): Promise<void> {
    const tables = sortIntoTables(batch);
    const stop = seconds.startTimer();
    const counts = await this.source.transaction(async (tx) => {
      const rows = {
        requests: await insertRequests(tx, tables.requests),
        perf_samples: await insertPerf(tx, tables.perf_samples),
        model_events: await insertModelEvents(tx, tables.model_events),
      };
      // Last: its row is one for all replicas, and locked until the commit.
      await this.position.record(tx, batch);
      return rows;
    });
    stop();
    for (const { providerId, endedAt, durationMs } of tables.requests) {
      const toMs = instantToMs(endedAt);
      this.news.tell(providerId, { fromMs: toMs - durationMs, toMs });
    }
    for (const table of ['requests', 'perf_samples', 'model_events'] as const) {
      inserted.inc({ table }, counts[table]);
      duplicates.inc({ table }, tables[table].length - counts[table]);
    }
  }
}

function sortIntoTables(batch: readonly BusMessage<LogFact>[]): Tables {
  const tables: Tables = { requests: [], perf_samples: [], model_events: [] };
  for (const { value, seq } of batch) {
    switch (value.kind) {
      case 'request':
        tables.requests.push(value.body);
        break;
      case 'perf':
        tables.perf_samples.push(value.body);
        break;
      case 'model-changed':
        tables.model_events.push(modelChangedRow(value.body, seq));
        break;
      case 'gap':
        tables.model_events.push(gapRow(value.body, seq));
        break;
      case 'liveness': {
        const row = livenessRow(value.body, seq);
        if (row !== null) tables.model_events.push(row);
        break;
      }
      case 'present':
        break;
    }
  }
  return tables;
}
