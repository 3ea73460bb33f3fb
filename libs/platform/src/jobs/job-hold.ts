import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Log } from '../logs/logger.js';
import { elapsedMs, momentNow, type Moment } from '../moment.js';
import { Rounds } from '../rounds.js';

/** Between two heartbeats of a job's worker, in milliseconds. */
export const HEARTBEAT_MS = 1_000;
/** A job without a heartbeat for so long, in milliseconds, has nobody who works on it: another worker may take it over. */
export const ABANDONED_MS = 15_000;

/** What a heartbeat found in the row of the job. */
export interface Beat {
  /** false: another worker has taken it over, it was ended, or there is no such row. */
  isOurs: boolean;
  isCancelAsked: boolean;
}

export interface JobHoldOptions {
  nc: Pick<NatsConnection, 'subscribe'>;
  /** With fields that name the job. */
  log: Log;
  /** `subjects.cancelJob`; null: what has begun is not cancelled. */
  cancelSubject: string | null;
  /** Writes the heartbeat into the row, if it is still this worker's. What it throws is logged, and tried again. */
  beat: () => Promise<Beat>;
  /** Between two heartbeats. Default HEARTBEAT_MS. */
  everyMs?: number;
  /** After so long without a heartbeat others take it over. Default ABANDONED_MS; Infinity: the row alone says when it is lost. */
  abandonedMs?: number;
}

/** The job is not this worker's any more: whoever has it ends it. */
export class JobLostError extends Error {
  readonly code = 'job_lost';

  constructor(why: string) {
    super(why);
    this.name = 'JobLostError';
  }
}

/** Somebody asked for the job to be cancelled. */
export class JobCancelledError extends Error {
  readonly code = 'job_cancelled';

  constructor() {
    super('The job was cancelled');
    this.name = 'JobCancelledError';
  }
}

/**
 * A worker's hold on a job (or an action) that it has begun or taken over: heartbeats for as long as it lasts. Two signals say that it has to
 * come to an end: `lost` (also when no heartbeat was possible for so long that another worker may have it) and `cancelled`,
 * by the row or, sooner, by a message.
 */
export class JobHold {
  private readonly losing = new AbortController();
  private readonly cancelling = new AbortController();
  private readonly messages: Subscription | null;
  private readonly rounds: Rounds;
  private readonly looking: NodeJS.Timeout;
  /** When the last good heartbeat was sent: the row has a later time. */
  private sentAt: Moment = momentNow();

  /** To be made right after the row was marked as this worker's. */
  constructor(private readonly options: JobHoldOptions) {
    const { nc, log, cancelSubject, everyMs = HEARTBEAT_MS, abandonedMs = ABANDONED_MS } = options;
    this.messages = cancelSubject === null ? null : this.listen(nc, cancelSubject);
    this.rounds = new Rounds({
      log,
      trouble: 'no heartbeat of a worker, trying again',
      everyMs,
      round: () => this.beat(),
    });
    this.rounds.start();
    // Beside the rounds: a heartbeat may be out for long.
    this.looking = setInterval(() => {
      if (elapsedMs(this.sentAt, momentNow()) >= abandonedMs)
        this.lose('No heartbeat was possible for so long that another worker may have the job');
    }, everyMs);
  }

  /** Fires with JobLostError when the job is not this worker's any more, for good. */
  get lost(): AbortSignal {
    return this.losing.signal;
  }

  /** Fires with JobCancelledError when somebody asked for that. */
  get cancelled(): AbortSignal {
    return this.cancelling.signal;
  }

  /** No heartbeats after it; waits for the one that is out. Neither signal fires any more. */
  async release(): Promise<void> {
    clearInterval(this.looking);
    if (this.messages?.isClosed() === false) this.messages.unsubscribe();
    await this.rounds.stop();
  }

  private listen(nc: JobHoldOptions['nc'], subject: string): Subscription {
    return nc.subscribe(subject, {
      callback: (error) => {
        if (error === null) this.cancel();
      },
    });
  }

  private async beat(): Promise<void> {
    if (this.lost.aborted) return;
    const sentAt = momentNow();
    const { isOurs, isCancelAsked } = await this.options.beat();
    if (!isOurs) return this.lose('Another worker has the job, or it has ended');
    this.sentAt = sentAt;
    if (isCancelAsked) this.cancel();
  }

  private lose(why: string): void {
    this.losing.abort(new JobLostError(why));
  }

  private cancel(): void {
    this.cancelling.abort(new JobCancelledError());
  }
}
