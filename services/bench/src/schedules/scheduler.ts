import type { BenchTarget, Problem } from '@boocontrol/contracts';
import { CallError, LOG, Rounds, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Admission } from '../runs/admission.js';
import { Launcher } from '../runs/launcher.js';
import { nextDue } from './due.js';
import {
  dueSchedules,
  finishPending,
  makePending,
  putOff,
  runsBegun,
  takePending,
  type Last,
  type Pending,
} from './schedules.repository.js';

/** Unix milliseconds, by whatever clock counts. */
export type Now = () => number;
/** Injection token of Now. */
export const NOW = Symbol('NOW');

const LOOK_EVERY_MS = 5_000;
/** What is later than this is left out: it was meant for that time of day. */
const LATEST_MS = 3_600_000;
/** For looking at 200 hosts; a process that ends meanwhile leaves it to the next one. */
const AT_IT_MS = 60_000;
const AGAIN_MS = 5_000;
/** Who asks for the runs. */
const SOURCE = 'schedule';

/** Begins what is due. Any number of processes may: each due time is taken once. */
@Injectable()
export class Scheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly rounds: Rounds;

  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Launcher) private readonly launcher: Launcher,
    @Inject(Admission) private readonly admission: Admission,
    @Inject(NOW) private readonly now: Now,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.rounds = new Rounds({
      log,
      trouble: 'schedules could not be looked at, trying again',
      everyMs: LOOK_EVERY_MS,
      round: (signal) => this.round(signal),
    });
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  /** Looks once at all of them. */
  async round(signal: AbortSignal): Promise<void> {
    const nowMs = this.now();
    for (const due of await dueSchedules(this.db, nowMs)) {
      // However many times were missed, at most the last one counts.
      const recentMs = nextDue(due.input, nowMs - LATEST_MS);
      const dueMs = recentMs <= nowMs ? recentMs : Date.parse(due.nextAt);
      await makePending(this.db, due, { dueMs, nextMs: nextDue(due.input, nowMs), nowMs });
    }
    while (!signal.aborted) {
      const pending = await takePending(this.db, this.now(), AT_IT_MS);
      if (pending === null) return;
      await this.settle(pending);
    }
  }

  private async settle(pending: Pending): Promise<void> {
    try {
      await finishPending(this.db, pending, await this.begin(pending));
    } catch (error) {
      this.log.warn(
        { err: error, schedule: pending.id },
        'a schedule could not begin its runs, trying again',
      );
      await putOff(this.db, pending, this.now() + AGAIN_MS);
    }
  }

  /** @throws {RpcError} `unavailable`, {LeaseError}: nothing was begun, and may be in a moment */
  private async begin(pending: Pending): Promise<Last> {
    const { id, input, pendingAt: at } = pending;
    const begun = await runsBegun(this.db, pending);
    if (begun > 0) return { at, runs: begun, skipped: [], problem: null };
    if (this.now() - Date.parse(at) > LATEST_MS) return { at, runs: 0, skipped: [], problem: TOO_LATE };
    try {
      const { targets, ...wanted } = await this.launcher.resolve({
        suite: input.suiteName,
        targets: input.targets.length > 0 ? input.targets : undefined,
      });
      const { admitted, skipped } = await this.admit(targets);
      if (admitted.length > 0)
        await this.launcher.begin(
          { ...wanted, targets: admitted },
          { source: SOURCE, confirm: false, scheduleId: id },
        );
      return { at, runs: admitted.length, skipped, problem: null };
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      return { at, runs: 0, skipped: [], problem: { code: error.code, message: error.message } };
    }
  }

  /** Nobody is there to confirm anything: hosts that others use, or have to themselves, are left to them. */
  private async admit(
    targets: readonly BenchTarget[],
  ): Promise<{ admitted: BenchTarget[]; skipped: Last['skipped'] }> {
    const admitted: BenchTarget[] = [];
    const skipped: Last['skipped'] = [];
    for (const target of targets) {
      const objection = await this.admission.objectionTo(target, false);
      if (objection === null) admitted.push(target);
      else skipped.push({ ...target, reason: { code: objection.code, message: objection.message } });
    }
    return { admitted, skipped };
  }
}

const TOO_LATE: Problem = {
  code: 'too_late',
  message: 'Nothing ran here at that time, nor in the hour after it. It is left out until the next time.',
};
