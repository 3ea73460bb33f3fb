import type { Gap, Instant } from '@boocontrol/contracts';
import { laterOf } from '@boocontrol/fleet-model';

export interface RingRow {
  entryId: number;
  ts: Instant;
}

interface Reconciled<T extends RingRow> {
  /** Not yet on the log, ascending by entry id: publish them in this order. */
  rows: T[];
  /** To be stated before the rows; null when nothing can be missing. */
  gap: Pick<Gap, 'fromTs' | 'toTs' | 'reason' | 'missing'> | null;
  /** The host began to count again. */
  restarted: boolean;
  /** The answer is not final: fetch older rows and ask again with all of them. */
  needOlder: boolean;
}

/**
 * Which rows of a host's ring are new, given the newest row on the log.
 *
 * Only ids and the watermark's exact timestamp are compared, never the order of timestamps: the host's clock may be
 * wrong or be set back, and concurrent requests end out of order. Within one run of a host ids are contiguous, so:
 * the watermark's row is in the ring: what has a higher id is new. It is not, although the ring reaches back to its id
 * or ends below it: the host restarted and every row is new. The ring begins after it: rows may have been lost (while we
 * follow the host, the very next id is proof enough that none was).
 *
 * @param rows in any order, may repeat
 * @param complete rows are all that the host still has
 * @param lostContactAt until when we surely had the host's rows, for the first reconcile of a connection; null
 *   afterwards: a restart then was witnessed (or already told), so it adds no gap
 */
export function reconcileRows<T extends RingRow>(
  watermark: RingRow | null,
  rows: readonly T[],
  { complete, lostContactAt, now }: { complete: boolean; lostContactAt: Instant | null; now: Instant },
): Reconciled<T> {
  const ring = sortedUnique(rows);
  if (!watermark) return { rows: complete ? ring : [], gap: null, restarted: false, needOlder: !complete };
  if (ring.some((row) => row.entryId === watermark.entryId && row.ts === watermark.ts)) {
    return {
      rows: ring.filter((row) => row.entryId > watermark.entryId),
      gap: null,
      restarted: false,
      needOlder: false,
    };
  }
  const oldest = ring[0];
  const newest = ring.at(-1);
  // After an absence the next id proves nothing: a host that restarted may just have counted that far again.
  if (lostContactAt === null && oldest?.entryId === watermark.entryId + 1) {
    return { rows: ring, gap: null, restarted: false, needOlder: false };
  }
  if (!complete) return { rows: [], gap: null, restarted: false, needOlder: true };
  const overflowed = oldest !== undefined && oldest.entryId > watermark.entryId;
  if (overflowed) {
    return {
      rows: ring,
      gap: {
        fromTs: watermark.ts,
        toTs: laterOf(watermark.ts, oldest.ts),
        reason: 'ring_overflow',
        missing: oldest.entryId - watermark.entryId - 1 || null,
      },
      restarted: false,
      needOlder: false,
    };
  }
  const gap = lostContactAt
    ? {
        fromTs: lostContactAt,
        toTs: laterOf(lostContactAt, now),
        reason: 'host_restarted' as const,
        missing: null,
      }
    : null;
  return { rows: ring, gap, restarted: newest !== undefined || gap !== null, needOlder: false };
}

function sortedUnique<T extends RingRow>(rows: readonly T[]): T[] {
  const sorted = [...rows].sort((a, b) => a.entryId - b.entryId || (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0));
  return sorted.filter((row, i) => {
    const before = sorted[i - 1];
    return !before || before.entryId !== row.entryId || before.ts !== row.ts;
  });
}
