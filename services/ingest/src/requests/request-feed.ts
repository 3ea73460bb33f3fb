import { UNATTRIBUTED, type Generation, type Instant } from '@boocontrol/contracts';
import { instantFromMs, instantToMs } from '@boocontrol/fleet-model';
import { HostError, sourceOf, type HostClient, type HostRow } from '@boocontrol/llama-swap';
import { backoffDelayMs, pause, PublishError } from '@boocontrol/platform';
import { metrics } from '../metrics.js';
import type { BadItems } from '../state/bad-items.js';
import type { Facts } from '../state/facts.js';
import type { Timings } from '../timings.js';
import { Wake } from '../wake.js';
import type { Captures } from './captures.js';
import { hostRows } from './host-rows.js';
import type { InflightSources } from './inflight-sources.js';
import { reconcileRows } from './reconcile-rows.js';
import type { RequestLog } from './request-log.js';
import { Settling } from './settle.js';

export interface FeedParts {
  client: HostClient;
  facts: Facts;
  log: RequestLog;
  bad: BadItems;
  captures: Captures;
  sources: InflightSources;
  timings: Timings;
  /** Whether a stream that misses events may be opened again now. */
  mayDoubtStream: () => boolean;
}

const LOOK_AHEAD = 4;
const CLOCK_SKEW_TOLERATED_MS = 2_000;

/** Rows of one connection onto the log: whatever announces them, what is new is decided against the newest row there. */
export class RequestFeed {
  private readonly wake = new Wake();
  private readonly settling: Settling;
  /** Generation A sends the rows themselves; used when they join onto what we have, else the ring is asked. */
  private sent: HostRow[] = [];
  private mustRecover = false;
  private isFirst = true;
  private isDeaf = false;

  constructor(
    private readonly parts: FeedParts,
    private readonly generation: () => Generation,
    private lostContactAt: Instant | null,
  ) {
    this.settling = new Settling(parts.timings.settleMs);
  }

  announceRow(row: HostRow): void {
    this.settling.announce(row.entryId);
    // More than this at once is a replay of the ring, which is asked for anyway.
    if (this.sent.length < 100) this.sent.push(row);
    this.wake.raise();
  }

  announceId(entryId: number): void {
    this.settling.announce(entryId);
    this.wake.raise();
  }

  /** The bus was away and may have lost the end of the log. */
  recover(): void {
    this.mustRecover = true;
    this.wake.raise();
  }

  /**
   * Follows until the signal. Thrown: PublishError that no repetition helps; HostError `reset` when rows came without
   * their events, i.e. the stream lost something and has to be opened again.
   */
  async run(signal: AbortSignal): Promise<void> {
    this.wake.raise();
    for (let failures = 0; !signal.aborted;) {
      await this.wake.wait(this.parts.timings.reconcileEveryMs, signal);
      if (signal.aborted) return;
      try {
        if (this.mustRecover) await this.parts.log.recover();
        this.mustRecover = false;
        if (this.isDeaf) throw new StreamIsDeaf();
        const unannounced = await this.reconcile(signal);
        failures = 0;
        if (unannounced.length > 0 && this.parts.mayDoubtStream())
          void this.expectEvents(unannounced, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof PublishError && error.code === 'wrong_last_sequence') this.mustRecover = true;
        else if (
          !(error instanceof HostError) ||
          error.code === 'unauthorized' ||
          error instanceof StreamIsDeaf
        )
          throw error;
        this.parts.facts.log.warn(
          { provider: this.parts.facts.providerId, err: error },
          'rows are read again',
        );
        await pause(backoffDelayMs(failures++, { baseMs: 200, maxMs: 10_000 }, Math.random()), signal);
        this.wake.raise();
      }
    }
  }

  /** Publishes what is new; returns the ids of rows that no event had announced. */
  private async reconcile(signal: AbortSignal): Promise<number[]> {
    const now = instantFromMs(Date.now());
    const { log, facts } = this.parts;
    const context = { lostContactAt: this.lostContactAt, now };
    const sent = this.sent.splice(0);
    let decided = reconcileRows(log.newest, this.isFirst ? [] : sent, { ...context, complete: false });
    if (this.isFirst || sent.length === 0 || decided.needOlder) {
      for await (const { rows, bad, complete } of this.ask(signal)) {
        this.parts.bad.report('bad_row', '/api/metrics', bad, Date.now());
        decided = reconcileRows(log.newest, rows, { ...context, complete });
        if (!decided.needOlder) break;
      }
    }
    if (decided.gap !== null) await facts.gap(decided.gap);
    const isFirst = this.isFirst;
    // The rows after a connect are history: no event announces them.
    const rows = isFirst ? decided.rows : this.settling.settled(decided.rows, Date.now());
    const unannounced = isFirst ? [] : rows.filter(({ entryId }) => !this.settling.isAnnounced(entryId));
    metrics.reconciled.inc(isFirst ? rows.length : unannounced.length);
    await this.publish(rows, signal);
    this.isFirst = false;
    this.lostContactAt = null;
    if (rows.length < decided.rows.length) void pause(250, signal).then(() => this.wake.raise());
    return unannounced.map(({ entryId }) => entryId);
  }

  private ask(signal: AbortSignal): ReturnType<typeof hostRows> {
    return hostRows(this.parts.client, this.generation(), { isLive: !this.isFirst, signal });
  }

  /** In order, one after the other; the captures of the next few are fetched meanwhile. */
  private async publish(rows: readonly HostRow[], signal: AbortSignal): Promise<void> {
    const started: Promise<string>[] = [];
    for (const [i, row] of rows.entries()) {
      while (started.length < Math.min(rows.length, i + LOOK_AHEAD)) {
        const source = this.source(rows[started.length] ?? row, signal);
        source.catch(() => undefined);
        started.push(source);
      }
      const source = (await started[i]) ?? UNATTRIBUTED;
      signal.throwIfAborted();
      const nowMs = Date.now();
      await this.parts.log.append(
        { ...row, source, endedAt: this.endedAt(row, nowMs) },
        instantFromMs(nowMs),
      );
    }
  }

  private async source(row: HostRow, signal: AbortSignal): Promise<string> {
    const headers = row.hasCapture ? await this.parts.captures.take(row, signal) : null;
    const inflight = this.parts.sources.take(row);
    return headers === null ? (inflight ?? UNATTRIBUTED) : sourceOf({ headers });
  }

  private endedAt({ ts }: HostRow, nowMs: number): Instant {
    const skewMs = this.parts.client.clockSkewMs ?? 0;
    if (Math.abs(skewMs) > CLOCK_SKEW_TOLERATED_MS)
      return instantFromMs(Math.max(0, Math.min(nowMs, instantToMs(ts) - skewMs)));
    return instantToMs(ts) > nowMs ? instantFromMs(nowMs) : ts;
  }

  /** A row may be listed just before its event arrives; a stream that says nothing of it after a while has lost it. */
  private async expectEvents(entryIds: readonly number[], signal: AbortSignal): Promise<void> {
    await pause(this.parts.timings.settleMs, signal);
    if (signal.aborted || entryIds.every((id) => this.settling.isAnnounced(id))) return;
    this.isDeaf = true;
    this.wake.raise();
  }
}

export class StreamIsDeaf extends HostError {
  constructor() {
    super(
      'reset',
      'The host finished requests that its event stream did not tell. The stream is opened again.',
    );
  }
}
