import type { Gaps } from '@boocontrol/contracts';

/** What a host's own events say about whether it could be followed. */
export interface HostEventRow {
  providerId: string;
  state: string;
  ts: string;
  /** Why, in words; null where nothing was said. */
  reason: string | null;
}

type Gap = Gaps['gaps'][number];

const LOST: ReadonlySet<string> = new Set(['host_reconnecting', 'host_down']);
/** A host that was disabled is not followed because somebody wanted it so. */
const SETTLED: ReadonlySet<string> = new Set(['host_connected', 'host_disabled']);

/**
 * Spans in which hosts could not be followed: from the first loss until the next connection (or until the host was
 * disabled or removed), null while still open. A span of no length is none, so that no two of a host begin together.
 * @param events ascending by time within each host
 * @param removedAt when hosts were removed
 */
export function unreachableSpans(
  events: readonly HostEventRow[],
  removedAt: ReadonlyMap<string, string>,
): Gap[] {
  const open = new Map<string, HostEventRow>();
  const spans: Gap[] = [];
  const close = (start: HostEventRow, toTs: string | null): void => {
    const reason = start.reason ?? start.state;
    const { providerId, ts: fromTs } = start;
    if (toTs === fromTs) return;
    spans.push({ providerId, kind: 'unreachable', fromTs, toTs, reason, missingRows: null });
  };
  for (const event of events) {
    const start = open.get(event.providerId);
    if (LOST.has(event.state)) {
      if (start === undefined) open.set(event.providerId, event);
    } else if (SETTLED.has(event.state) && start !== undefined) {
      close(start, event.ts);
      open.delete(event.providerId);
    }
  }
  for (const [providerId, start] of open) {
    const removed = removedAt.get(providerId);
    close(start, removed !== undefined && removed >= start.ts ? removed : null);
  }
  return spans;
}

/** True when a span lies, at least in part, in [from, to). */
export function overlaps(span: Gap, from: string | null, to: string | null): boolean {
  return (to === null || span.fromTs < to) && (from === null || span.toTs === null || span.toTs >= from);
}
