import { HostError } from '@boocontrol/llama-swap';

/** The stream is opened again for this at most so often; between, rows are found by asking. */
const REOPEN_EVERY_MS = 5 * 60_000;

/** The host's event stream lost events: connecting again is the cure. */
export class MissedEventsError extends HostError {
  constructor() {
    super(
      'reset',
      'The host finished requests that its event stream did not tell. The stream is opened again.',
    );
  }
}

/**
 * Notices a stream that misses events. A row may be listed just before its event arrives; when the event has not come
 * after a while, the stream has lost it. Outlives connections, because it says how often one is given up.
 */
export class MissedEvents {
  private expected: { entryIds: readonly number[]; dueMs: number }[] = [];
  private reopenedMs = -Infinity;

  /** @param patienceMs how long an event may follow its row */
  constructor(private readonly patienceMs: number) {}

  /** A new connection: nothing is expected of its stream yet. */
  connect(): void {
    this.expected = [];
  }

  /** These rows were listed and no event had announced them. */
  expect(entryIds: readonly number[], nowMs: number): void {
    if (entryIds.length === 0 || nowMs - this.reopenedMs < REOPEN_EVERY_MS) return;
    this.expected.push({ entryIds, dueMs: nowMs + this.patienceMs });
  }

  /** Milliseconds until check() has something to say; Infinity when nothing is expected. */
  dueInMs(nowMs: number): number {
    const [first] = this.expected;
    return first === undefined ? Infinity : Math.max(0, first.dueMs - nowMs);
  }

  /** @throws {MissedEventsError} when an event is overdue */
  check(isAnnounced: (entryId: number) => boolean, nowMs: number): void {
    const due = this.expected.filter(({ dueMs }) => dueMs <= nowMs);
    this.expected = this.expected.slice(due.length);
    if (due.every(({ entryIds }) => entryIds.every(isAnnounced))) return;
    this.reopenedMs = nowMs;
    throw new MissedEventsError();
  }
}
