import { QueuedJobSchema, STREAM, subjects } from '@boocontrol/contracts';
import { JetStreamApiCodes, JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DataSource } from 'typeorm';
import type { JetStreamSetup } from '../bus/jetstream-setup.js';
import type { Job, JobTable } from './job-table.js';

interface Parts<Row extends { run: Job }> {
  db: DataSource;
  nc: NatsConnection;
  setup: JetStreamSetup;
  table: JobTable<Row>;
  /** An open job that nobody works on and that is in no queue for so long, in milliseconds, is queued again. */
  unqueuedMs: number;
}

/**
 * Queues jobs again that no message leads to any more, as when the bus has lost its data. Any number of processes may: a job
 * that is queued twice is done once. The rows are read first: what was queued since is in neither.
 * @returns their ids
 * @throws what the bus throws when it does not answer
 */
export async function requeueLost<Row extends { run: Job }>(parts: Parts<Row>): Promise<string[]> {
  const { db, table, unqueuedMs } = parts;
  const idle = (await table.open(db)).filter(({ idleMs }) => idleMs >= unqueuedMs);
  if (idle.length === 0) return [];
  const queued = await queuedNow(parts);
  const lost = idle.filter(({ id }) => !queued.has(id)).map(({ id }) => id);
  for (const id of lost) await table.enqueueAgain(db, id);
  return lost;
}

/** Jobs that wait in the queues, or that a worker has taken from one and not brought to its end. */
async function queuedNow<Row extends { run: Job }>({
  nc,
  setup,
  table,
}: Parts<Row>): Promise<ReadonlySet<string>> {
  const jsm = await jetstreamManager(nc, { checkAPI: false, timeout: 2_000 });
  const found = new Set<string>();
  try {
    for (let seq = 1; ;) {
      const query = { seq, next_by_subj: subjects.queuedJobsOf(table.kind) };
      const message = await jsm.streams.getMessage(STREAM.jobQueue, query);
      if (message === null) return found;
      const body = QueuedJobSchema.safeParse(message.json());
      if (body.success) found.add(body.data.run);
      seq = message.seq + 1;
    }
  } catch (error) {
    const isGone = error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
    if (isGone) await setup.ensure();
    throw error;
  }
}
