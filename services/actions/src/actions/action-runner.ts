import type { Action } from '@boocontrol/contracts';
import { HostError, type CommandResult, type HostCommands } from '@boocontrol/llama-swap';
import {
  BUS,
  elapsedMs,
  isTransientDbError,
  LiveFleet,
  LOG,
  momentNow,
  Outbox,
  pause,
  type Log,
  type Moment,
} from '@boocontrol/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { end, letGo } from './held-actions.repository.js';
import { Hold } from './hold.js';
import { Hosts } from './hosts.js';
import { endingOfError, endingOfRefusal, SUCCEEDED, type Doubt, type Ending } from './outcome.js';
import { Reconciler } from './reconciler.js';
import { ACTION_TIMINGS, type ActionTimings } from './timings.js';

const DATABASE_AGAIN_MS = 500;

/** Takes actions that this process has begun, or taken over, to their end. */
@Injectable()
export class ActionRunner {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(LiveFleet) private readonly live: LiveFleet,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Hosts) private readonly hosts: Hosts,
    @Inject(Reconciler) private readonly reconciler: Reconciler,
    @Inject(ACTION_TIMINGS) private readonly timings: ActionTimings,
  ) {}

  /**
   * Asks the host, once, and ends the action by its answer or by what the host looks like then.
   * @param takenAt a moment before the action was marked as begun
   * @throws the signal's reason when that fires; the action is then left for the next worker
   */
  run(action: Action, worker: string, takenAt: Moment, signal: AbortSignal): Promise<void> {
    return this.holding(action, worker, signal, (held) => this.ask(action, takenAt, held));
  }

  /**
   * Ends an action that another worker began, by what the host looks like; the host is asked for nothing.
   * @throws the signal's reason when that fires; the action is then left for the next worker
   */
  reconcile(action: Action, worker: string, signal: AbortSignal): Promise<void> {
    const doubt: Doubt = { kind: 'interrupted' };
    return this.holding(action, worker, signal, (held) =>
      this.reconciler.settle(action, doubt, this.timings.limit[action.kind], held),
    );
  }

  private async holding(
    action: Action,
    worker: string,
    stopping: AbortSignal,
    work: (signal: AbortSignal) => Promise<Ending>,
  ): Promise<void> {
    const { db, nc, live, outbox, log, timings } = this;
    this.log.info({ action: action.id, kind: action.kind, provider: action.providerId, worker }, 'at work');
    const hold = new Hold({ db, nc, live, outbox, log, timings }, action, worker);
    const either = new AbortController();
    const stop = (): void => either.abort(stopping.reason);
    const lose = (): void => either.abort(hold.signal.reason);
    stopping.addEventListener('abort', stop, { once: true });
    hold.signal.addEventListener('abort', lose, { once: true });
    if (stopping.aborted) stop();
    try {
      const ending = await work(either.signal);
      await hold.release();
      await this.end(action, worker, ending, stopping);
    } catch (error) {
      await hold.release();
      if (hold.signal.aborted) return; // Whoever took it over ends it.
      await letGo(db, action.id, worker).catch(() => undefined); // Then it is taken over a little later.
      throw error;
    } finally {
      stopping.removeEventListener('abort', stop);
    }
  }

  private async ask(action: Action, takenAt: Moment, signal: AbortSignal): Promise<Ending> {
    const limitMs = this.timings.limit[action.kind];
    const beganMs = performance.now();
    let error: HostError | null = null;
    try {
      const ending = await this.hosts.with(action.providerId, async (host) => {
        if (elapsedMs(takenAt, momentNow()) > this.timings.stallMs) return NOT_ASKED;
        // What is left of the time of a cancel is for looking at what came of it: somebody waits.
        const timeoutMs = action.kind === 'cancel' ? (limitMs * 2) / 3 : limitMs;
        const result = await command(host, action, { signal, timeoutMs });
        if (result.ok) return SUCCEEDED;
        return endingOfRefusal(action, this.hosts.labelOf(action.providerId), result);
      });
      if (ending !== null) return ending;
    } catch (thrown) {
      if (signal.aborted || !(thrown instanceof HostError)) throw thrown;
      const ending = endingOfError(thrown);
      if (ending !== null) return ending;
      error = thrown;
    }
    const leftMs = limitMs - (performance.now() - beganMs);
    return this.reconciler.settle(action, { kind: 'no_answer', error }, leftMs, signal);
  }

  /** The host has done its part, so a database that is away for a moment is waited for. */
  private async end(action: Action, worker: string, ending: Ending, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        const row = await end(this.db, action.id, worker, ending.state, ending.reason);
        if (row === null) return;
        this.outbox.notify();
        this.log.info({ action: action.id, ...ending }, 'ended');
        return;
      } catch (error) {
        if (signal.aborted || !isTransientDbError(error)) throw error;
        this.log.warn({ err: error, action: action.id }, 'an ending cannot be written, trying again');
        await pause(DATABASE_AGAIN_MS, signal);
      }
    }
  }
}

const NOT_ASKED: Ending = {
  state: 'failed',
  reason: {
    code: 'not_asked',
    message:
      'The service was held up for so long that it did not ask the host. Ask again if it is still wanted.',
  },
};

function command(
  host: HostCommands,
  { kind, model, profile, inflightId }: Action,
  options: { signal: AbortSignal; timeoutMs: number },
): Promise<CommandResult> {
  switch (kind) {
    case 'warm':
      return host.load(model ?? '', options);
    case 'unload':
      return host.unload(model ?? '', options);
    case 'unload-all':
      return host.unloadAll(options);
    case 'profile':
      return host.switchProfile(profile, options);
    case 'cancel':
      return host.cancel(inflightId ?? '', options);
  }
}
