import type { Generation, Instant, Liveness } from '@boocontrol/contracts';
import { instantFromMs, instantToMs } from '@boocontrol/fleet-model';
import { initialLink, stepLink, type Link, type LinkEvent } from './link.js';
import { LatestFact, type Body, type Facts } from './facts.js';

/** Until when the rows are complete changes with each comparison; it is stated at most so often. */
const ROWS_EVERY_MS = 60_000;

type HostInfo = Pick<Liveness, 'version' | 'hardware' | 'monitoring' | 'list'> & {
  generation: Generation | null;
};

/** The link's state machine and what is known of the host, stated as a whole at every change. */
export class LivenessState {
  private current: Link;
  private info: HostInfo = { generation: null, version: null, hardware: null, monitoring: 'unknown' };
  private readonly fact: LatestFact<'liveness'>;
  private stated = '';
  private lastHeardAtMs: number | null = null;
  private rowsUntil: Instant | null = null;
  private rowsStatedMs = -Infinity;

  constructor(facts: Facts, nowMs: number) {
    this.current = initialLink(nowMs);
    this.fact = new LatestFact(facts, 'liveness');
  }

  get link(): Link {
    return this.current;
  }

  /** When the host was last heard, in Unix milliseconds; null when never. */
  get lastHeardMs(): number | null {
    return this.lastHeardAtMs;
  }

  /** Not stated at once: it changes with every byte. The next change carries it. */
  heard(nowMs: number): void {
    this.lastHeardAtMs = nowMs;
  }

  /** Until when the host's rows are on the log. Not stated at once either, but soon enough for a process that ends by kill -9. */
  rowsComplete(until: Instant | null): void {
    this.rowsUntil = until;
    const isDue = until !== null && instantToMs(until) - this.rowsStatedMs >= ROWS_EVERY_MS;
    if (isDue && this.current.state === 'connected') this.state(true);
  }

  step(event: LinkEvent): void {
    const nowMs = Date.now();
    if (event.type === 'connected') this.heard(nowMs);
    this.current = stepLink(this.current, event, { nowMs, random: Math.random() });
    this.state();
  }

  learn(info: Partial<HostInfo>): void {
    this.info = { ...this.info, ...info };
    this.state();
  }

  get generation(): Generation | null {
    return this.info.generation;
  }

  /** The last word of a process that releases the host: nobody follows it until somebody says otherwise. */
  async release(): Promise<void> {
    if (this.current.state === 'disabled') return this.fact.idle();
    const message =
      'Its ingest process was stopped. Another one takes over, or this one when it is started again.';
    this.current = {
      ...this.current,
      state: 'reconnecting',
      sinceMs: Date.now(),
      nextAttemptAtMs: null,
      reason: { code: 'not_followed', message },
    };
    this.state();
    await this.fact.idle();
  }

  repeat(): void {
    if (this.stated !== '') this.state(true);
  }

  private state(isDue = false): void {
    const { state, sinceMs, failures, nextAttemptAtMs, reason } = this.current;
    const body: Body<'liveness'> = {
      state,
      since: instantFromMs(sinceMs),
      attempt: state === 'connected' ? 0 : failures,
      nextAttemptAt:
        nextAttemptAtMs === null || state === 'connecting' ? null : instantFromMs(nextAttemptAtMs),
      lastSeenAt: this.lastHeardAtMs === null ? null : instantFromMs(this.lastHeardAtMs),
      rowsCompleteUntil: this.rowsUntil,
      reason,
      ...this.info,
    };
    const comparable = JSON.stringify({ ...body, lastSeenAt: null, rowsCompleteUntil: null });
    if (comparable === this.stated && !isDue) return;
    this.stated = comparable;
    this.rowsStatedMs = this.rowsUntil === null ? -Infinity : instantToMs(this.rowsUntil);
    this.fact.set(body);
  }
}
