import { UNATTRIBUTED, type InflightRequest } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import type { HostRow, InflightNow } from '@boocontrol/llama-swap';

interface Seen {
  entry: InflightRequest;
  /** By the host's clock. */
  startedMs: number;
  /** By ours, as are all that follow. */
  seenMs: number;
  /** null while it is in flight. */
  endedMs: number | null;
  /** Its place among the events of the host; null while it is in flight. */
  endedAs: number | null;
}

const KEPT_MS = 120_000;
const KEPT_MAX = 2_000;
/** Rows of generations B and C have whole seconds, cut off. */
const CUT_MS = 1_000;
/** What a beginning may be off besides. */
const TOLERANCE_MS = 1_000;
/** The end of a request and its row are told so near to each other, whichever comes first. */
const LAG_MS = 20;

type Row = Pick<HostRow, 'entryId' | 'model' | 'reqPath' | 'ts' | 'durationMs'>;

/** Who sent the requests that generation C showed in flight, for rows without a capture. */
export class InflightSources {
  private readonly seen = new Map<string, Seen>();
  /** When the host announced rows, and as which of its events. */
  private readonly announced = new Map<number, { atMs: number; as: number }>();
  private events = 0;

  /** A row is there. The host says so just before it takes the request off the list. */
  announce(entryId: number, nowMs: number): void {
    this.announced.set(entryId, { atMs: nowMs, as: ++this.events });
    const [oldest] = this.announced.keys();
    if (this.announced.size > KEPT_MAX && oldest !== undefined) this.announced.delete(oldest);
  }

  note({ requests }: InflightNow, nowMs: number): void {
    const present = new Set(requests.map(({ id }) => id));
    for (const [id, seen] of this.seen) {
      if (!present.has(id)) {
        seen.endedMs ??= nowMs;
        seen.endedAs ??= ++this.events;
      }
      if (seen.endedMs !== null && nowMs - seen.endedMs > KEPT_MS) this.seen.delete(id);
    }
    for (const entry of requests) {
      if (entry.source === UNATTRIBUTED || entry.startedAt === null) continue;
      const seenMs = this.seen.get(entry.id)?.seenMs ?? nowMs;
      this.seen.set(entry.id, {
        entry,
        startedMs: instantToMs(entry.startedAt),
        seenMs,
        endedMs: null,
        endedAs: null,
      });
      const [oldest] = this.seen.keys();
      if (this.seen.size > KEPT_MAX && oldest !== undefined) this.seen.delete(oldest);
    }
  }

  /** Whether what tells whose a row is may be about to come: it was announced, and nothing like it has ended since. */
  isEarly(row: Row, nowMs: number): boolean {
    const announced = this.announced.get(row.entryId);
    if (announced === undefined) return false;
    const near = [...this.seen.values()].filter((seen) => apart(row, seen, nowMs) !== null);
    return (
      near.length > 0 && near.every(({ endedMs }) => endedMs === null || endedMs < announced.atMs - LAG_MS)
    );
  }

  /**
   * The source of a row; null when there is none. Of the requests for the same model and path that began when the row's did, to
   * the second, it is the one that took as long and ended when the row was announced, as near as our own clock tells; of two that
   * are as near, the one that ended next. It serves no second row.
   */
  take(row: Row, nowMs: number): string | null {
    const announced = this.announced.get(row.entryId);
    this.announced.delete(row.entryId);
    const near = [...this.seen].flatMap(([id, seen]) => {
      const timesApart = apart(row, seen, nowMs);
      if (timesApart === null) return [];
      const { endedMs, endedAs, entry } = seen;
      const endApart = announced === undefined ? 0 : Math.abs((endedMs ?? nowMs) - announced.atMs);
      const isNext = announced !== undefined && endedAs !== null && endedAs > announced.as;
      return [
        { id, source: entry.source, apartMs: timesApart + endApart, order: isNext ? endedAs : Infinity },
      ];
    });
    const [best] = near.toSorted((a, b) => a.apartMs - b.apartMs || a.order - b.order);
    if (best === undefined) return null;
    this.seen.delete(best.id);
    return best.source;
  }
}

/** By how much the times of both differ; null: they are not the same. */
function apart(row: Row, { entry, startedMs, seenMs, endedMs }: Seen, nowMs: number): number | null {
  if (entry.model !== row.model || entry.reqPath === '' || !row.reqPath.endsWith(entry.reqPath)) return null;
  const startMs = instantToMs(row.ts) - row.durationMs;
  const cutMs = row.ts.endsWith('.000000Z') ? CUT_MS : 0;
  const startsApartMs = Math.max(0, startMs - startedMs, startedMs - startMs - cutMs);
  if (startsApartMs > TOLERANCE_MS) return null;
  return startsApartMs + Math.abs((endedMs ?? nowMs) - seenMs - row.durationMs);
}
