import { backoffDelayMs, counter, pause, Rounds, type Log } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import type { RowSpan as Span } from '../projection/new-rows.js';
import { joinHost } from './join-host.js';
import { unjoinedSince } from './join.repository.js';

const changedTotal = counter('boo_dispatch_joins_total', 'Attempts whose row of activity changed');

/** What comes within this time is joined together. */
const GATHER_MS = 50;
/** Of a host at once; what a long absence brings comes in pieces. */
const PIECE_MS = 10 * 60_000;
/** Another process may have died between writing and joining. */
const LOOK_EVERY_MS = 60_000;
const LOOK_BACK_MS = 3_600_000;
/** At start: as far back as ROUTES reaches. */
const FIRST_LOOK_BACK_MS = 7 * 24 * 3_600_000;

/** Joins what has come, soon after it is in the tables; what could not be joined at once is tried until it is. */
export class Joiner {
  private readonly touched = new Map<string, Span[]>();
  private readonly rounds: Rounds;
  private lookAtMs = 0;
  private isFirstLook = true;

  constructor(
    private readonly source: DataSource,
    log: Log,
  ) {
    this.rounds = new Rounds({
      log,
      trouble: 'requests to /v1 could not be joined with their rows, trying again',
      everyMs: () => this.lookAtMs - Date.now(),
      againMs: (failures) => backoffDelayMs(failures, { baseMs: 200, maxMs: 10_000 }, Math.random()),
      round: async (signal) => {
        if (this.touched.size > 0) await pause(GATHER_MS, signal);
        await this.look();
        await this.joinTouched(signal);
      },
    });
  }

  start(): void {
    this.rounds.start();
  }

  /** What was touched and is not joined yet is found by the next process. */
  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** Attempts or rows of a host have come that lie in this time. Call after their commit. */
  touch(providerId: string, span: Span): void {
    const spans = this.touched.get(providerId);
    const last = spans?.at(-1);
    if (last !== undefined && isWithinPiece(last, span)) {
      last.fromMs = Math.min(last.fromMs, span.fromMs);
      last.toMs = Math.max(last.toMs, span.toMs);
    } else if (spans === undefined) this.touched.set(providerId, [{ ...span }]);
    else spans.push({ ...span });
    this.rounds.soon();
  }

  private async look(): Promise<void> {
    const nowMs = Date.now();
    if (nowMs < this.lookAtMs) return;
    const backMs = this.isFirstLook ? FIRST_LOOK_BACK_MS : LOOK_BACK_MS;
    for (const { providerId, ...span } of await unjoinedSince(this.source.manager, nowMs - backMs))
      this.touch(providerId, span);
    this.isFirstLook = false;
    this.lookAtMs = nowMs + LOOK_EVERY_MS;
  }

  private async joinTouched(signal: AbortSignal): Promise<void> {
    for (const [providerId, spans] of this.touched) {
      this.touched.delete(providerId);
      while (spans.length > 0 && !signal.aborted) {
        const span = spans[0] as Span;
        try {
          for (const piece of piecesOf(span))
            changedTotal.inc(await this.source.transaction((tx) => joinHost(tx, providerId, piece)));
        } catch (error) {
          for (const left of spans) this.touch(providerId, left);
          throw error;
        }
        spans.shift();
      }
    }
  }
}

const isWithinPiece = (a: Span, b: Span): boolean =>
  Math.max(a.toMs, b.toMs) - Math.min(a.fromMs, b.fromMs) <= PIECE_MS;

function* piecesOf({ fromMs, toMs }: Span): Generator<Span> {
  for (let from = fromMs; from <= toMs; from += PIECE_MS)
    yield { fromMs: from, toMs: Math.min(toMs, from + PIECE_MS) };
}
