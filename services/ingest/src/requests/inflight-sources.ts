import { UNATTRIBUTED, type InflightRequest } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import type { HostRow, InflightNow } from '@boocontrol/llama-swap';

interface Seen {
  entry: InflightRequest;
  startedMs: number;
  /** null while it is in flight. */
  endedMs: number | null;
}

const KEPT_MS = 120_000;
const KEPT_MAX = 2_000;
/** Rows of generations B and C have whole seconds, cut off. */
const TOLERANCE_MS = 2_000;

/** Who sent the requests that generation C showed in flight, for rows without a capture. */
export class InflightSources {
  private readonly seen = new Map<string, Seen>();

  note({ requests }: InflightNow, nowMs: number): void {
    const present = new Set(requests.map(({ id }) => id));
    for (const [id, seen] of this.seen) {
      if (!present.has(id)) seen.endedMs ??= nowMs;
      if (seen.endedMs !== null && nowMs - seen.endedMs > KEPT_MS) this.seen.delete(id);
    }
    for (const entry of requests) {
      if (entry.source === UNATTRIBUTED || entry.startedAt === null) continue;
      this.seen.set(entry.id, { entry, startedMs: instantToMs(entry.startedAt), endedMs: null });
      const [oldest] = this.seen.keys();
      if (this.seen.size > KEPT_MAX && oldest !== undefined) this.seen.delete(oldest);
    }
  }

  /**
   * The source of a row: of the requests for the same model and path that began when the row's did, the nearest; it
   * serves no second row. null when there is none.
   */
  take(row: Pick<HostRow, 'model' | 'reqPath' | 'ts' | 'durationMs'>): string | null {
    const endMs = instantToMs(row.ts) + (row.ts.endsWith('.000000Z') ? 500 : 0);
    const startMs = endMs - row.durationMs;
    let best: { id: string; source: string; apartMs: number } | null = null;
    for (const [id, { entry, startedMs }] of this.seen) {
      const isSame = entry.model === row.model && entry.reqPath !== '' && row.reqPath.endsWith(entry.reqPath);
      const apartMs = Math.abs(startedMs - startMs);
      if (!isSame || apartMs > TOLERANCE_MS) continue;
      if (best === null || apartMs < best.apartMs) best = { id, source: entry.source, apartMs };
    }
    if (best !== null) this.seen.delete(best.id);
    return best?.source ?? null;
  }
}
