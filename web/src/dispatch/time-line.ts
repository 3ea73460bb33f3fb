import type { RouteFact } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';

/** A stretch of a request, in milliseconds from when it came. */
export interface Stretch {
  kind: 'queue' | 'failed' | 'silent' | 'answer';
  fromMs: number;
  toMs: number;
}

type Timed = Pick<RouteFact, 'at' | 'attempts' | 'queueMs' | 'durationMs'>;

/**
 * What it spent its time with, in the order of time and without overlaps: waiting for a place, attempts that came to
 * nothing, silence of the host that answered (a load, the prompt), its answer. What is left was our own.
 */
export function stretchesOf({ at, attempts, queueMs, durationMs }: Timed): Stretch[] {
  const cameMs = instantToMs(at);
  const stretches: Stretch[] = [];
  let doneMs = 0;
  let queueLeftMs = queueMs;
  const add = (kind: Stretch['kind'], fromMs: number, toMs: number): void => {
    const [from, to] = [Math.max(doneMs, fromMs), Math.min(Math.max(doneMs, toMs), durationMs)];
    if (to <= from) return;
    stretches.push({ kind, fromMs: from, toMs: to });
    doneMs = to;
  };
  const startOf = ({ startedAt }: RouteFact['attempts'][number]): number => instantToMs(startedAt) - cameMs;
  // Of two that were asked at once, the time from then on is that of the one that answered.
  const last = attempts.at(-1);
  const lastMs = last === undefined ? 0 : startOf(last);
  for (const attempt of attempts.toSorted((a, b) => startOf(a) - startOf(b))) {
    const { durationMs: tookMs, firstByteMs } = attempt;
    const startMs = startOf(attempt);
    // Only the sum of the waiting is known: it lies before the attempts, as far as there is room.
    const waitedMs = Math.min(queueLeftMs, Math.max(0, startMs - doneMs));
    queueLeftMs -= waitedMs;
    add('queue', startMs - waitedMs, startMs);
    const endMs = startMs + tookMs;
    if (attempt !== last) {
      add('failed', startMs, Math.min(endMs, lastMs));
      continue;
    }
    add('silent', startMs, firstByteMs === null ? endMs : startMs + firstByteMs);
    if (firstByteMs !== null) add('answer', startMs + firstByteMs, endMs);
  }
  return stretches;
}
