import { LeaseLostError, type HostLeases } from '@boocontrol/client';
import { subjects } from '@boocontrol/contracts';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DataSource } from 'typeorm';
import { pause } from '../backoff.js';
import { isTransientDbError } from '../db/transient.js';
import { addressOf, type Address } from '../hosts/address.js';
import { checkLease, giveBack, leaseFor } from '../hosts/host-lease.js';
import type { Log } from '../logs/logger.js';
import type { Environment } from '../providers/api-key.js';
import type { ProviderDirectory } from '../providers/provider-directory.js';
import {
  cancelledBy,
  failed,
  GIVEN_UP,
  interrupted,
  MAX_TAKEOVERS,
  withoutLease,
  type JobEnding,
} from './job-ending.js';
import { JobHold } from './job-hold.js';
import type { Job, JobTable } from './job-table.js';

const DATABASE_AGAIN_MS = 500;
const PURPOSE_CHARS = 160;

/** What a worker needs to know of the row of a job. */
export interface HostJobRow {
  run: Job & { model: string };
  confirmed: boolean;
  /** Who asked for its end; null: nobody. */
  cancelledBy: string | null;
  /** How often another worker went on with it since it was queued. */
  takeovers: number;
}

export interface Circumstances {
  /** Fires when it is to come to an end. */
  signal: AbortSignal;
  /** The lease that it is done under. */
  leaseId: string;
  /** Asked when a piece of it is done. @throws when somebody else has the host meanwhile: the piece is dropped */
  isStillOurs: () => Promise<void>;
}

/** What is the job's own. */
export interface HostJobs<Row extends HostJobRow> {
  table: JobTable<Row>;
  /** For people: what the host is needed for. */
  purposeOf: (row: Row) => string;
  /** What of a job is kept that comes to no end, as a sentence. */
  stands: string;
  /** How long it will take, in seconds, for people. */
  expectedS: (row: Row) => number;
  /** Does what is not done yet; throws the signal's reason when that fires. */
  work: (row: Row, worker: string, address: Address, circumstances: Circumstances) => Promise<JobEnding>;
  /** Why the host could not be worked with; null: that is no such error. */
  failureOf: (error: unknown) => JobEnding | null;
  /** Writes the ending down, with its fact. false: it is not this worker's any more. */
  end: (row: Row, worker: string, ending: JobEnding) => Promise<boolean>;
}

export interface HostJobParts {
  db: DataSource;
  nc: NatsConnection;
  log: Log;
  leases: HostLeases;
  directory: ProviderDirectory;
  env: Environment;
  /** Named in the problem of an API key that is missing. */
  service: string;
  timings: { heartbeatMs: number; abandonedMs: number };
}

/** Takes jobs that this process has begun, or taken over, to their end, each under the lease of its host. */
export class HostJobWorker<Row extends HostJobRow> {
  constructor(
    private readonly parts: HostJobParts,
    private readonly jobs: HostJobs<Row>,
  ) {}

  /**
   * Does what is not done yet, and ends the job.
   * @throws the signal's reason when that fires, and what the database throws; the job is then left for the next worker
   */
  async run(row: Row, worker: string, stopping: AbortSignal): Promise<void> {
    const { db, nc, log, timings } = this.parts;
    const { table } = this.jobs;
    const { id, providerId, model } = row.run;
    log.info({ run: id, provider: providerId, model, worker, takeovers: row.takeovers }, 'at work');
    const hold = new JobHold({
      nc,
      log: log.child({ run: id }),
      cancelSubject: subjects.cancelJob(table.kind, id),
      everyMs: timings.heartbeatMs,
      abandonedMs: timings.abandonedMs,
      beat: () => table.heartbeat(db, id, worker),
    });
    try {
      const ending = await this.outcome(row, worker, hold, stopping);
      await this.end(row, worker, ending, AbortSignal.any([stopping, hold.lost]));
    } catch (error) {
      if (hold.lost.aborted) return; // Whoever took it over ends it.
      await table.letGo(db, id, worker).catch(() => undefined); // Then it is taken over a little later.
      throw error;
    } finally {
      await hold.release();
    }
  }

  private async outcome(row: Row, worker: string, hold: JobHold, stopping: AbortSignal): Promise<JobEnding> {
    const { id, providerId } = row.run;
    if (row.cancelledBy !== null) return this.cancelled(id);
    if (row.takeovers > MAX_TAKEOVERS) return GIVEN_UP;
    const address = addressOf(providerId, this.parts);
    if ('problem' in address) return failed(address.problem);
    try {
      const signal = AbortSignal.any([stopping, hold.lost, hold.cancelled]);
      return await this.underLease(row, worker, address, signal);
    } catch (error) {
      if (stopping.aborted || hold.lost.aborted) throw error;
      if (hold.cancelled.aborted) return this.cancelled(id);
      const ending = this.jobs.failureOf(error);
      if (ending === null) throw error;
      return ending;
    }
  }

  private async underLease(
    row: Row,
    worker: string,
    address: Address,
    signal: AbortSignal,
  ): Promise<JobEnding> {
    const { db, leases } = this.parts;
    const { table, purposeOf, stands } = this.jobs;
    const { id, providerId } = row.run;
    const { holder, source } = table;
    const got = await leaseFor(leases, {
      request: {
        ...{ providerId, holder, source, expectedS: this.jobs.expectedS(row) },
        purpose: purposeOf(row).slice(0, PURPOSE_CHARS).trim(),
      },
      confirmed: row.confirmed,
      note: (leaseId) => table.noteLease(db, id, worker, leaseId),
      isLeftOver: (lease) => table.isLeftOver(db, lease, id),
      signal,
    });
    if ('reason' in got) return row.takeovers === 0 ? failed(got.reason) : interrupted(got.reason);
    const { lease } = got;
    try {
      return await this.jobs.work(row, worker, address, {
        signal: AbortSignal.any([signal, lease.lost]),
        leaseId: lease.leaseId,
        isStillOurs: () => checkLease(leases, lease),
      });
    } catch (error) {
      if (signal.aborted) throw error;
      if (lease.lost.aborted) return withoutLease(lease.lost.reason, stands);
      if (error instanceof LeaseLostError) return withoutLease(error, stands);
      throw error;
    } finally {
      await giveBack(lease);
    }
  }

  /** By whom may not have been in the row yet when it was begun. */
  private async cancelled(id: string): Promise<JobEnding> {
    const now = await this.jobs.table.find(this.parts.db, id);
    const reason = cancelledBy(now?.cancelledBy ?? 'somebody', this.jobs.stands);
    return { state: 'cancelled', reason };
  }

  /** The host has done its part, so a database that is away for a moment is waited for. */
  private async end(row: Row, worker: string, ending: JobEnding, signal: AbortSignal): Promise<void> {
    const { log } = this.parts;
    for (;;) {
      try {
        if (await this.jobs.end(row, worker, ending)) log.info({ run: row.run.id, ...ending }, 'ended');
        return;
      } catch (error) {
        if (signal.aborted || !isTransientDbError(error)) throw error;
        log.warn({ err: error, run: row.run.id }, 'an ending cannot be written, trying again');
        await pause(DATABASE_AGAIN_MS, signal);
      }
    }
  }
}
