import type { CellLoad, Sample, Suite } from '@boocontrol/contracts';

export interface Window {
  fromMs: number;
  toMs: number;
}

/** When a request ended, by its last token; one that failed ended at once for all that is known. */
function endOf({ startMs, e2eMs }: Sample): number {
  return startMs + (e2eMs ?? 0);
}

/**
 * From when the load was full until it began to fall. Closed loop: from the send that filled it to the end after which
 * nothing was sent any more. Open loop and replay: from the first end to the last send. null: it was never full.
 */
export function steadyWindow(samples: readonly Sample[], load: CellLoad): Window | null {
  const starts = samples.map(({ startMs }) => startMs).sort((a, b) => a - b);
  const ends = samples.map(endOf).sort((a, b) => a - b);
  const [fromMs, toMs] =
    load.kind === 'closed'
      ? [starts[load.concurrency - 1], ends[ends.length - load.concurrency]]
      : [ends[0], starts.at(-1)];
  return fromMs !== undefined && toMs !== undefined && toMs > fromMs ? { fromMs, toMs } : null;
}

/** What all requests of a window come to, a second. `good` are those that went well. */
export function windowFigures(
  good: readonly Sample[],
  { fromMs, toMs }: Window,
  slo: Suite['slo'],
): { tokensPerS: number | null; requestsPerS: number; goodputPerS: number | null } {
  const seconds = (toMs - fromMs) / 1000;
  const inside = (atMs: number): boolean => atMs > fromMs && atMs <= toMs;
  const ended = good.filter((sample) => inside(endOf(sample)));
  const counted = good.filter(({ outputTokens }) => outputTokens !== null);
  let tokens = 0;
  for (const sample of counted) {
    const chunks = sample.gapsMs.length + 1;
    // An answer that came whole has all its tokens at its end.
    let atMs = sample.ttftMs === null ? endOf(sample) : sample.startMs + sample.ttftMs;
    let within = inside(atMs) ? 1 : 0;
    for (const gap of sample.gapsMs) {
      atMs += gap;
      if (inside(atMs)) within += 1;
    }
    tokens += ((sample.outputTokens ?? 0) * within) / chunks;
  }
  return {
    tokensPerS: counted.length === 0 ? null : tokens / seconds,
    requestsPerS: ended.length / seconds,
    goodputPerS: slo ? ended.filter((sample) => keepsLimits(sample, slo)).length / seconds : null,
  };
}

/** Whether a request went well and kept every limit. What was not measured keeps none. */
export function keepsLimits(sample: Sample, slo: NonNullable<Suite['slo']>): boolean {
  if (sample.status !== 'ok') return false;
  const keeps = (value: number | null, limit: number | undefined): boolean =>
    limit === undefined || (value !== null && value <= limit);
  return (
    keeps(sample.ttftMs, slo.ttftMs) && keeps(sample.tpotMs, slo.tpotMs) && keeps(sample.e2eMs, slo.e2eMs)
  );
}
