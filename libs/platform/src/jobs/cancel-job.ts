import { subjects } from '@boocontrol/contracts';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DataSource } from 'typeorm';
import type { Log } from '../logs/logger.js';
import type { Outbox } from '../outbox/outbox.js';
import { refuse, type CallError } from '../rpc/rpc-error.js';
import type { Job, JobTable } from './job-table.js';

interface Cancellable {
  run: Job & { state: string; endedAt: string | null };
}

interface CancelParts<Row extends Cancellable> {
  db: DataSource;
  nc: NatsConnection;
  log: Log;
  outbox: Outbox;
  table: JobTable<Row>;
  /** The call that asks for it. */
  call: { errors: { unknown_run: number; already_ended: number } };
  /** For people, of a job that is not there. */
  noSuchRun: string;
  /** Ends what was not begun; null: it is not queued any more. */
  cancelQueued: (db: DataSource, id: string, by: string) => Promise<Row | null>;
}

/**
 * Ends a job before its end. What waits is ended at once; whoever works on it is told, and ends it within a second.
 * @throws {CallError} `unknown_run`, `already_ended`
 */
export async function cancelJob<Row extends Cancellable>(
  parts: CancelParts<Row>,
  id: string,
  by: string,
): Promise<Row['run']> {
  const { db, outbox, table, call, noSuchRun, cancelQueued } = parts;
  for (;;) {
    const row = await table.find(db, id);
    if (row === null) throw refuse<'unknown_run'>(call, 'unknown_run', noSuchRun);
    if (row.run.endedAt !== null) throw alreadyEnded(call, row.run.state);
    const changed =
      row.run.state === 'queued' ? await cancelQueued(db, id, by) : await table.askToCancel(db, id, by);
    if (changed === null) continue; // It changed in between.
    outbox.notify();
    if (changed.run.endedAt === null) tellWorker(parts, id);
    return changed.run;
  }
}

function alreadyEnded(call: CancelParts<Cancellable>['call'], state: string): CallError {
  const message = 'This run has ended, so there is nothing to cancel.';
  return refuse<'already_ended'>(call, 'already_ended', message, { state });
}

function tellWorker<Row extends Cancellable>({ nc, log, table }: CancelParts<Row>, id: string): void {
  try {
    nc.publish(subjects.cancelJob(table.kind, id));
  } catch (error) {
    log.warn({ err: error, run: id }, 'its worker reads of the cancel with its next heartbeat');
  }
}
