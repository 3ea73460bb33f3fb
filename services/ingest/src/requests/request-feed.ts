import { UNATTRIBUTED, type Generation, type Instant } from '@boocontrol/contracts';
import { instantFromMs, instantToMs } from '@boocontrol/fleet-model';
import { dispatchIdOf, HostError, sourceOf, type HostClient, type HostRow } from '@boocontrol/llama-swap';
import { backoffDelayMs, pause, PublishError } from '@boocontrol/platform';
import { metrics } from '../metrics.js';
import type { BadItems } from '../state/bad-items.js';
import type { Facts } from '../state/facts.js';
import type { Timings } from '../timings.js';
import { Wake } from '../wake.js';
import type { Captures } from './captures.js';
import type { Engines } from './engines.js';
import { hostRows } from './host-rows.js';
import type { InflightSources } from './inflight-sources.js';
import { reconcileRows } from './reconcile-rows.js';
import type { MissedEvents } from './missed-events.js';
import type { RequestLog } from './request-log.js';
import { Settling } from './settle.js';

export interface FeedParts {
  client: HostClient;
  facts: Facts;
  log: RequestLog;
  bad: BadItems;
  captures: Captures;
  engines: Engines;
  sources: InflightSources;
  missedEvents: MissedEvents;
  timings: Timings;
}

/** What a row itself does not tell. */
interface Learned {
  source: string;
  hadTimings: boolean | null;
  /** null: it came from no gateway; undefined: not known. */
  dispatchId?: string | null;
}
const NOTHING: Learned = { source: UNATTRIBUTED, hadTimings: null };

const LOOK_AHEAD = 4;
/** A request leaves the list of what is in flight just after its row was announced. */
const EARLY_LOOK_MS = 20;
const EARLY_LOOKS = 10;
const CLOCK_SKEW_TOLERATED_MS = 2_000;
/** A row that ended just after a comparison may say that it ended so much earlier: by the host's clock, and cut to a second. */
const ROW_TIME_MARGIN_MS = CLOCK_SKEW_TOLERATED_MS + 1_000;

/** Rows of one connection onto the log: whatever announces them, what is new is decided against the newest row there. */
export class RequestFeed {
  private readonly wake = new Wake();
  private readonly settling: Settling;
  /** Generation A sends the rows themselves; used when they join onto what we have, else the ring is asked. */
  private sent: HostRow[] = [];
  private mustRecover = false;
  private isFirst = true;

  constructor(
    private readonly parts: FeedParts,
    private readonly generation: () => Generation,
  ) {
    this.settling = new Settling(parts.timings.settleMs);
    parts.missedEvents.connect();
  }

  announceRow(row: HostRow): void {
    this.settling.announce(row.entryId);
    // More than this at once is a replay of the ring, which is asked for anyway.
    if (this.sent.length < 100) this.sent.push(row);
    this.wake.raise();
  }

  announceId(entryId: number): void {
    this.settling.announce(entryId);
    this.parts.sources.announce(entryId, Date.now());
    this.wake.raise();
  }

  /** The bus was away and may have lost the end of the log. */
  recover(): void {
    this.mustRecover = true;
    this.wake.raise();
  }

  /**
   * Follows until the signal.
   *
   * @throws {MissedEventsError} when rows came without their events: the stream has to be opened again
   * @throws {HostError} `unauthorized`; other failures of the host are tried again
   * @throws {PublishError} that no repetition helps
   */
  async run(signal: AbortSignal): Promise<void> {
    const { missedEvents } = this.parts;
    this.wake.raise();
    for (let failures = 0; !signal.aborted;) {
      await this.wake.wait(this.waitMs(Date.now()), signal);
      if (signal.aborted) return;
      missedEvents.check((entryId) => this.settling.isAnnounced(entryId), Date.now());
      try {
        if (this.mustRecover) await this.parts.log.recover();
        this.mustRecover = false;
        missedEvents.expect(await this.reconcile(signal), Date.now());
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof PublishError && error.code === 'wrong_last_sequence') this.mustRecover = true;
        else if (!(error instanceof HostError) || error.code === 'unauthorized') throw error;
        this.parts.facts.log.warn(
          { provider: this.parts.facts.providerId, err: error },
          'rows are read again',
        );
        await pause(backoffDelayMs(failures++, { baseMs: 200, maxMs: 10_000 }, Math.random()), signal);
        this.wake.raise();
      }
    }
  }

  private waitMs(nowMs: number): number {
    const { missedEvents, timings } = this.parts;
    return Math.min(timings.reconcileEveryMs, missedEvents.dueInMs(nowMs), this.settling.dueInMs(nowMs));
  }

  /** Publishes what is new; returns the ids of rows that no event had announced. */
  private async reconcile(signal: AbortSignal): Promise<number[]> {
    const askedMs = Date.now();
    const { log, facts } = this.parts;
    const context = { lostContactAt: log.unknownSince, now: instantFromMs(askedMs) };
    const sent = this.sent.splice(0);
    let decided = reconcileRows(log.newest, this.isFirst ? [] : sent, { ...context, complete: false });
    const isAsked = this.isFirst || sent.length === 0 || decided.needOlder;
    if (isAsked) {
      for await (const { rows, bad, complete } of this.ask(signal)) {
        this.parts.bad.report('bad_row', '/api/metrics', bad, Date.now());
        decided = reconcileRows(log.newest, rows, { ...context, complete });
        if (!decided.needOlder) break;
      }
    }
    if (decided.gap !== null) await facts.gap(decided.gap);
    log.compared();
    const isFirst = this.isFirst;
    // The rows after a connect are history: no event announces them.
    const rows = isFirst ? decided.rows : this.settling.settled(decided.rows, Date.now());
    const unannounced = isFirst ? [] : rows.filter(({ entryId }) => !this.settling.isAnnounced(entryId));
    metrics.reconciled.inc(isFirst ? rows.length : unannounced.length);
    await this.publish(rows, signal);
    this.isFirst = false;
    // Rows that the host sent by itself prove nothing of those that it did not; one that waits for its event is not there yet.
    if (isAsked && rows.length === decided.rows.length)
      log.complete(instantFromMs(askedMs - ROW_TIME_MARGIN_MS));
    return unannounced.map(({ entryId }) => entryId);
  }

  private ask(signal: AbortSignal): ReturnType<typeof hostRows> {
    return hostRows(this.parts.client, this.generation(), { isLive: !this.isFirst, signal });
  }

  /** In order, one after the other; the captures of the next few are fetched meanwhile. */
  private async publish(rows: readonly HostRow[], signal: AbortSignal): Promise<void> {
    const started: Promise<Learned>[] = [];
    for (const [i, row] of rows.entries()) {
      while (started.length < Math.min(rows.length, i + LOOK_AHEAD)) {
        const learned = this.learn(rows[started.length] ?? row, signal);
        learned.catch(() => undefined);
        started.push(learned);
      }
      const { source, hadTimings, dispatchId } = (await started[i]) ?? NOTHING;
      signal.throwIfAborted();
      const nowMs = Date.now();
      await this.parts.log.append(
        {
          ...row,
          ...this.parts.engines.promptOf(row, hadTimings, this.generation()),
          source,
          endedAt: this.endedAt(row, nowMs),
          ...(dispatchId === undefined ? {} : { dispatchId }),
        },
        instantFromMs(nowMs),
      );
    }
  }

  private async learn(row: HostRow, signal: AbortSignal): Promise<Learned> {
    const told = row.hasCapture ? await this.parts.captures.fetchNow(row, signal) : null;
    const inflight = await this.inflightSource(row, told === null, signal);
    if (told === null) return { ...NOTHING, source: inflight ?? UNATTRIBUTED };
    const { headers, hadTimings } = told;
    const source = sourceOf({ headers });
    // A capture without any headers tells nothing of where the request came from.
    if (Object.keys(headers).length === 0) return { source, hadTimings };
    return { source, hadTimings, dispatchId: dispatchIdOf({ headers }) };
  }

  /** @param isNeeded nothing else tells who sent it, so it is worth to wait a moment for what may be about to come */
  private async inflightSource(row: HostRow, isNeeded: boolean, signal: AbortSignal): Promise<string | null> {
    const { sources } = this.parts;
    for (let look = 0; look < EARLY_LOOKS && isNeeded && sources.isEarly(row, Date.now()); look++)
      await pause(EARLY_LOOK_MS, signal);
    return sources.take(row, Date.now());
  }

  private endedAt({ ts }: HostRow, nowMs: number): Instant {
    const skewMs = this.parts.client.clockSkewMs ?? 0;
    if (Math.abs(skewMs) > CLOCK_SKEW_TOLERATED_MS)
      return instantFromMs(Math.max(0, Math.min(nowMs, instantToMs(ts) - skewMs)));
    return instantToMs(ts) > nowMs ? instantFromMs(nowMs) : ts;
  }
}
