import { Rounds, type CheckResult, type Log } from '@boocontrol/platform';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Maintenance, RollUpResult } from './maintenance.js';
import { asSingleRunner } from './single-runner.js';

const ROLL_UP_EVERY_MS = 5 * 60_000;
const RETAIN_EVERY_MS = 24 * 3_600_000;
const RETRY_AFTER_MS = 30_000;
/** After the end of a bucket, until the samples that were on their way have arrived. */
const SETTLE_MS = 15_000;

/** Milliseconds until the buckets that are open now have closed and settled. */
export function untilNextRollUpMs(nowMs: number): number {
  return ROLL_UP_EVERY_MS - ((nowMs - SETTLE_MS) % ROLL_UP_EVERY_MS);
}

/** Runs maintenance at start, then rollups every 5 minutes and retention every day; one process of several does it. */
export class MaintenanceJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly rounds: Rounds;
  private retainAtMs = 0;
  private state: CheckResult = { status: 'up', detail: 'has not run yet' };

  constructor(
    private readonly source: DataSource,
    private readonly maintenance: Maintenance,
    log: Log,
  ) {
    this.rounds = new Rounds({
      log,
      trouble: 'rollups and retention failed, trying again',
      everyMs: () => untilNextRollUpMs(Date.now()),
      againMs: RETRY_AFTER_MS,
      round: (signal) => this.maintain(signal),
    });
  }

  onApplicationBootstrap(): void {
    this.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  start(): void {
    this.rounds.start();
  }

  /** Waits for the run under way. */
  stop(): Promise<void> {
    return this.rounds.stop();
  }

  health(): CheckResult {
    return this.state;
  }

  private async maintain(signal: AbortSignal): Promise<void> {
    const nowMs = Date.now();
    const isRetaining = nowMs >= this.retainAtMs;
    try {
      const result = await asSingleRunner(this.source, () =>
        isRetaining ? this.maintenance.retain(nowMs, signal) : this.maintenance.rollUp(nowMs, signal),
      );
      if (isRetaining && result !== null) this.retainAtMs = nowMs + RETAIN_EVERY_MS;
      this.state = describe(result, nowMs);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.state = { status: 'down', detail: `rollups and retention failed, trying again: ${why}` };
      throw error;
    }
  }
}

function describe(result: RollUpResult | null, nowMs: number): CheckResult {
  if (result === null) return { status: 'up', detail: 'another process is at it' };
  if (result.failedHours === 0) return { status: 'up', detail: `ran at ${new Date(nowMs).toISOString()}` };
  const hours = result.failedHours === 1 ? '1 hour of a host' : `${result.failedHours} hours of hosts`;
  return { status: 'down', detail: `${hours} could not be rolled up; the log says why` };
}
