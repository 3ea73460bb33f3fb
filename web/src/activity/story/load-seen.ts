import type { ModelEvent } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { overlapMs, type Span } from './span';

/** What is known of the load of its model while a request waited. */
export type LoadSeen =
  /** It was seen to load for so long of the request's time. */
  | { kind: 'loaded'; ms: number }
  /** It was ready when the request came, and nothing else was seen. */
  | { kind: 'ready' }
  | { kind: 'unknown'; why: string };

const unknown = (why: string): LoadSeen => ({ kind: 'unknown', why });

/**
 * @param events of the model on its host, newest first, from some time before the span on
 * @param span by our clock, as the events are
 * @param isFollowed the host was followed all the time
 */
export function loadSeen(events: readonly ModelEvent[], span: Span, isFollowed: boolean): LoadSeen {
  if (!isFollowed) return unknown('the host could not be followed all the time');
  const past = events
    .map(({ state, ts, detail }) => ({ state, ms: instantToMs(ts), isSeen: detail['observed'] === 'live' }))
    .filter(({ ms }) => ms < span.endMs)
    .toReversed();
  if (past.length === 0) return unknown('no load of this model is known');
  if (past.some(({ ms, isSeen }) => ms >= span.beginMs && !isSeen))
    return unknown('the model changed while the host could not be followed');
  const loadedMs = past.reduce((sum, { state, ms, isSeen }, i) => {
    if (state !== 'starting' || !isSeen) return sum;
    return sum + overlapMs({ beginMs: ms, endMs: past[i + 1]?.ms ?? span.endMs }, span);
  }, 0);
  if (loadedMs > 0) return { kind: 'loaded', ms: loadedMs };
  const before = past.findLast(({ ms }) => ms <= span.beginMs);
  if (before?.state === 'ready') return { kind: 'ready' };
  return unknown('no load was seen, though the model was not known to be ready');
}
