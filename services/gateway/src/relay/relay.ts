import {
  backoffDelayMs,
  onReconnect,
  pause,
  RpcError,
  StreamFollower,
  type Decoded,
  type JetStreamSetup,
  type Log,
} from '@boocontrol/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import { ApiError } from '../http/errors.js';
import { Newest, type Versioned } from './newest.js';

/** The question is asked again after so long, so that it is noticed when nobody answers any more. */
const ASK_EVERY_MS = 30_000;
/** Sooner while it is silent: what people see may be out of date. */
const AFTER_FAILURE = { baseMs: 500, maxMs: 5_000 };

export interface RelayOptions<T extends Versioned> {
  nc: NatsConnection;
  log: Log;
  setup: JetStreamSetup;
  stream: string;
  subjects: readonly string[];
  /** How many that have ended are kept for each host. */
  keepEnded: number;
  /** What a message of the stream tells. */
  read: (data: Uint8Array) => Decoded<T>;
  /** Asks the service what there is: everything that is open, and of what has ended the last. */
  ask: () => Promise<{ open: readonly T[]; ended: readonly T[] }>;
}

/** What the browsers have to be told. */
export interface News<T> {
  /** true: `items` is everything; false: what is new. */
  isAll: boolean;
  items: T[];
  trouble: string | null;
}

/**
 * Follows what a service tells of its things on a stream, from now on, and asks the service for what was before: at
 * first, when the stream is another one, after each reconnect, and every now and then.
 */
export class Relay<T extends Versioned> {
  private readonly stopping = new AbortController();
  private readonly newest: Newest<T>;
  private readonly follower: StreamFollower;
  private pending = new Map<string, T>();
  /** false until the service was asked, whatever came of it. */
  private isSettled = false;
  private mustTellAll = false;
  private mustTellTrouble = false;
  private problem: string | null = null;
  private wake: () => void = () => undefined;

  constructor(private readonly options: RelayOptions<T>) {
    const { nc, log, setup, stream, subjects } = options;
    this.newest = new Newest(options.keepEnded);
    this.follower = new StreamFollower({
      nc,
      log,
      stream,
      subjects,
      begin: (_jsm, { lastSeq }) => {
        this.wake();
        return Promise.resolve(lastSeq + 1);
      },
      onMessage: ({ data, subject, seq }) => {
        const parsed = options.read(data);
        if (!parsed.ok) log.warn({ subject, seq, reason: parsed.reason }, 'ignored a fact');
        else if (this.newest.add(parsed.value)) this.pending.set(parsed.value.id, parsed.value);
      },
      // Whatever it is: the answer, or that there is none, is what people need to know.
      onState: (up) => up || this.wake(),
      onMissing: () => setup.ensure(),
    });
  }

  start(): void {
    void this.run();
    this.follower.start();
  }

  /** Nothing is told after it; an answer that is out is not waited for. */
  stop(): Promise<void> {
    this.stopping.abort();
    return this.follower.stop();
  }

  /** Everything; null until the service was asked for the first time. */
  get current(): News<T> | null {
    return this.isSettled ? { isAll: true, items: this.newest.items, trouble: this.problem } : null;
  }

  /** What came since the last call; null: nothing. */
  drain(): News<T> | null {
    if (!this.isSettled) return null;
    const { pending, mustTellAll, mustTellTrouble } = this;
    if (pending.size === 0 && !mustTellAll && !mustTellTrouble) return null;
    this.pending = new Map();
    this.mustTellAll = false;
    this.mustTellTrouble = false;
    return mustTellAll ? this.current : { isAll: false, items: [...pending.values()], trouble: this.problem };
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const forget = onReconnect(this.options.nc, () => this.wake());
    for (let failures = 0; !signal.aborted;) {
      const due = new AbortController();
      this.wake = () => due.abort();
      failures = (await this.refresh()) ? 0 : failures + 1;
      const waitMs =
        failures === 0 ? ASK_EVERY_MS : backoffDelayMs(failures - 1, AFTER_FAILURE, Math.random());
      await pause(waitMs, AbortSignal.any([signal, due.signal]));
    }
    forget();
  }

  /** Whether the service answered. */
  private async refresh(): Promise<boolean> {
    const { newest, options, stopping } = this;
    const openBefore = newest.openIds;
    try {
      const { news, isGone } = newest.settle(openBefore, await options.ask());
      for (const item of news) this.pending.set(item.id, item);
      this.mustTellAll ||= isGone;
      this.settled(null);
      return true;
    } catch (error) {
      if (stopping.signal.aborted) return false;
      const trouble = inWords(error);
      if (trouble !== this.problem) options.log.warn({ err: error }, 'a service could not be asked');
      this.settled(trouble);
      return false;
    }
  }

  private settled(trouble: string | null): void {
    this.mustTellAll ||= !this.isSettled;
    this.mustTellTrouble ||= trouble !== this.problem;
    this.isSettled = true;
    this.problem = trouble;
  }
}

/** Those errors have a sentence for people. */
function inWords(error: unknown): string {
  const isSaid = error instanceof ApiError || (error instanceof RpcError && error.isRetryable);
  return isSaid ? error.message : 'The service that was asked did not answer as it should.';
}
