import { HostLeases, LeaseLostError } from '@boocontrol/client';
import { subjects } from '@boocontrol/contracts';
import { MeasureError } from '@boocontrol/measure';
import { BUS, isTransientDbError, JobHold, LOG, Outbox, pause, type Log } from '@boocontrol/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Marks } from './marks.js';
import { Addresses, type Address } from './addresses.js';
import { failed, GIVEN_UP, interrupted, withoutLease } from './ending.js';
import { endRun, heartbeat, letGo, type RunEnding } from './held-runs.repository.js';
import { checkLease, giveBack, leaseFor } from './host-lease.js';
import { Measuring } from './measuring.js';
import type { RunRow } from './run-row.js';
import { cancelledBy, findRun } from './runs.repository.js';
import { KIND } from './tell.js';
import { BENCH_TIMINGS, MAX_TAKEOVERS, type BenchTimings } from './timings.js';
import { Verdicts } from './verdicts.js';

const DATABASE_AGAIN_MS = 500;

/** Takes runs that this process has begun, or taken over, to their end. */
@Injectable()
export class RunWorker {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(HostLeases) private readonly leases: HostLeases,
    @Inject(Addresses) private readonly addresses: Addresses,
    @Inject(Measuring) private readonly measuring: Measuring,
    @Inject(Marks) private readonly marks: Marks,
    @Inject(Verdicts) private readonly verdicts: Verdicts,
    @Inject(BENCH_TIMINGS) private readonly timings: BenchTimings,
  ) {}

  /**
   * Measures what is not measured yet, and ends the run.
   * @throws the signal's reason when that fires, and what the database throws; the run is then left for the next worker
   */
  async run(row: RunRow, worker: string, stopping: AbortSignal): Promise<void> {
    const { id, providerId, model } = row.run;
    this.log.info({ run: id, provider: providerId, model, worker, takeovers: row.takeovers }, 'at work');
    const hold = new JobHold({
      nc: this.nc,
      log: this.log.child({ run: id }),
      cancelSubject: subjects.cancelJob(KIND, id),
      everyMs: this.timings.heartbeatMs,
      abandonedMs: this.timings.abandonedMs,
      beat: () => heartbeat(this.db, id, worker),
    });
    try {
      const ending = await this.outcome(row, worker, hold, stopping);
      await this.end(row, worker, ending, AbortSignal.any([stopping, hold.lost]));
    } catch (error) {
      if (hold.lost.aborted) return; // Whoever took it over ends it.
      await letGo(this.db, id, worker).catch(() => undefined); // Then it is taken over a little later.
      throw error;
    } finally {
      await hold.release();
    }
  }

  private async outcome(
    row: RunRow,
    worker: string,
    hold: JobHold,
    stopping: AbortSignal,
  ): Promise<RunEnding> {
    const { id, providerId } = row.run;
    if (row.cancelledBy !== null) return this.cancelled(id);
    if (row.takeovers > MAX_TAKEOVERS) return GIVEN_UP;
    const address = this.addresses.of(providerId);
    if ('problem' in address) return failed(address.problem);
    try {
      const signal = AbortSignal.any([stopping, hold.lost, hold.cancelled]);
      return await this.underLease(row, worker, address, signal);
    } catch (error) {
      if (stopping.aborted || hold.lost.aborted) throw error;
      if (hold.cancelled.aborted) return this.cancelled(id);
      if (error instanceof MeasureError) return failed({ code: error.code, message: error.message });
      throw error;
    }
  }

  private async underLease(
    row: RunRow,
    worker: string,
    address: Address,
    signal: AbortSignal,
  ): Promise<RunEnding> {
    const expectedS = this.measuring.expectedS(row);
    const got = await leaseFor({ db: this.db, leases: this.leases }, row, worker, { expectedS, signal });
    if ('reason' in got) return row.takeovers === 0 ? failed(got.reason) : interrupted(got.reason);
    const { lease } = got;
    try {
      return await this.measuring.measure(row, worker, address, {
        signal: AbortSignal.any([signal, lease.lost]),
        isStillOurs: () => checkLease(this.leases, lease),
      });
    } catch (error) {
      if (signal.aborted) throw error;
      if (lease.lost.aborted) return withoutLease(lease.lost.reason);
      if (error instanceof LeaseLostError) return withoutLease(error);
      throw error;
    } finally {
      await giveBack(lease);
    }
  }

  /** By whom may not have been in the row yet when it was begun. */
  private async cancelled(id: string): Promise<RunEnding> {
    const now = await findRun(this.db, id);
    return { state: 'cancelled', reason: cancelledBy(now?.cancelledBy ?? 'somebody') };
  }

  /** The host has done its part, so a database that is away for a moment is waited for. */
  private async end(row: RunRow, worker: string, ending: RunEnding, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        const { id } = row.run;
        const verdict = await this.verdicts.ofEnding(id);
        let isMarked = false;
        const ended = await endRun(this.db, id, worker, ending, verdict, async (manager) => {
          isMarked = (await this.marks.judgeIn(manager, id)).isChanged;
        });
        if (ended === null) return;
        if (isMarked) await this.verdicts.refresh(id);
        await this.marks.judgeBefore(id);
        this.outbox.notify();
        this.log.info({ run: row.run.id, ...ending }, 'ended');
        return;
      } catch (error) {
        if (signal.aborted || !isTransientDbError(error)) throw error;
        this.log.warn({ err: error, run: row.run.id }, 'an ending cannot be written, trying again');
        await pause(DATABASE_AGAIN_MS, signal);
      }
    }
  }
}
