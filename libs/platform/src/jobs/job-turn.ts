import type { QueuedJob } from '@boocontrol/contracts';
import type { DataSource } from 'typeorm';
import { pause } from '../backoff.js';
import type { BaseConfig } from '../config/config.js';
import { noteCut, type EvidenceTables } from '../contamination/evidence.repository.js';
import type { LiveFleet } from '../fleet/live-fleet.js';
import type { Outbox } from '../outbox/outbox.js';
import type { ProviderDirectory } from '../providers/provider-directory.js';
import type { HostJobRow, HostJobWorker } from './host-job-worker.js';
import type { JobTable } from './job-table.js';
import { newWorker } from './new-worker.js';

type QueuedRow = HostJobRow & { run: { state: string; endedAt: string | null } };

interface TurnParts<Row extends QueuedRow> {
  db: DataSource;
  config: BaseConfig;
  outbox: Outbox;
  live: LiveFleet;
  directory: ProviderDirectory;
  table: JobTable<Row>;
  worker: HostJobWorker<Row>;
  /** Where it is noted that a worker was cut off. */
  evidence: EvidenceTables;
  /** Milliseconds between two looks, and without a heartbeat until a worker counts as gone. */
  timings: { lookAgainMs: number; abandonedMs: number };
}

/**
 * The turn of a queued job: works on it, or waits for whoever does, until it has ended, since the next one of the host must not
 * begin before. What a worker began and does not work on any more is taken over.
 * @throws the signal's reason when that fires, and what the database throws
 */
export async function jobTurn<Row extends QueuedRow>(
  { db, config, outbox, live, directory, table, worker, evidence, timings }: TurnParts<Row>,
  { run: id, providerId }: QueuedJob,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const row = await table.find(db, id);
    if (row === null || row.run.providerId !== providerId || row.run.endedAt !== null) return;
    while (live.state === null || !directory.isRead) {
      await pause(timings.lookAgainMs, signal);
      signal.throwIfAborted();
    }
    const me = newWorker(config);
    const held =
      row.run.state === 'queued'
        ? await table.begin(db, id, me)
        : await db.transaction(async (manager) => {
            const taken = await table.takeOver(manager, id, me, timings.abandonedMs);
            if (taken !== null) await noteCut(manager, evidence, id);
            return taken;
          });
    outbox.notify();
    if (held !== null) await worker.run(held, me, signal);
    // Somebody else may be at it.
    else await pause(timings.lookAgainMs, signal);
  }
}
