import type { Gaps, ModelEvent, PerfSeries } from '@boocontrol/contracts';
import type { Rows } from '../api/pages';
import { rangeSpan, rangeStepMs, type TimeRange } from '../browser/range';
import { appendEvents, appendPerf, sameGaps, tailQuery } from './append';
import type { Range } from './range';

type Gap = Gaps['gaps'][number];

/** What was measured of a host over a range of time, and what happened to its models. */
export interface HostHistory {
  range: Range;
  /** null: not there yet. */
  perf: PerfSeries | null;
  /** Newest first. */
  gaps: Rows<Gap>;
  /** Newest first; also the last ones from before the range, which say how it began. */
  events: Rows<ModelEvent>;
  /** Why the first answer did not come. */
  error: Error | null;
}

interface Span {
  fromMs: number;
  toMs?: number | undefined;
}

/** What the history is asked through. */
export interface HistorySource {
  /** By the server's clock. */
  now: () => number;
  perf: (span: Span, maxPoints: number) => Promise<PerfSeries>;
  gaps: (span: Span) => Promise<Rows<Gap>>;
  events: (span: Span) => Promise<Rows<ModelEvent>>;
  /** The newest events from before a moment, as many as one page has. */
  eventsBefore: (ms: number) => Promise<readonly ModelEvent[]>;
}

/** More than a page of charts has pixels for; past that the chart draws less of them. */
const MAX_POINTS = 720;
/** Where nothing new came the range moves on by no less than this share of itself. */
const LEAST_MOVE = 1 / 60;
const NOTHING = { rows: [], complete: true } as const;

/**
 * The history of one host over one range: asked whole once, then only for what is new. Each refresh is one question, and
 * two more when the live fleet says that a model, the connection or a gap changed.
 */
export function createHostHistory(asked: TimeRange, source: HistorySource) {
  const spanNow = (): Range => {
    const { fromMs, toMs } = rangeSpan(asked, source.now());
    return { fromMs: fromMs ?? 0, toMs };
  };
  let state: HostHistory = { range: spanNow(), perf: null, gaps: NOTHING, events: NOTHING, error: null };
  let mark: string | null = null;
  let busy = false;
  const listeners = new Set<() => void>();
  const set = (next: Partial<HostHistory>): void => {
    state = { ...state, ...next };
    for (const listener of listeners) listener();
  };
  const isLive = rangeStepMs(asked) !== null;

  const load = async (): Promise<void> => {
    const range = spanNow();
    const span = isLive ? { fromMs: range.fromMs } : range;
    const [perf, gaps, events, before] = await Promise.all([
      source.perf(span, MAX_POINTS),
      source.gaps(span),
      source.events(span),
      source.eventsBefore(range.fromMs),
    ]);
    set({
      range,
      perf,
      gaps,
      events: events.complete ? { rows: [...events.rows, ...before], complete: true } : events,
      error: null,
    });
  };

  const append = async (known: PerfSeries, isChanged: boolean): Promise<void> => {
    const range = spanNow();
    const tail = tailQuery(known, range.fromMs, range.toMs);
    const span = { fromMs: range.fromMs };
    const sinceMs = Date.parse(state.events.rows[0]?.ts ?? '') || range.fromMs;
    const [newer, gaps, events] = await Promise.all([
      source.perf({ fromMs: tail.fromMs }, tail.maxPoints),
      isChanged ? source.gaps(span) : state.gaps,
      isChanged ? source.events({ fromMs: sinceMs }) : null,
    ]);
    // Another step than ours: the service was set up anew. What is there does not fit together.
    if (newer.stepS !== known.stepS) return load();
    const perf = appendPerf(known, newer, range.fromMs);
    const rows = appendEvents(state.events.rows, events?.rows ?? []);
    const isNew = perf !== known || rows !== state.events.rows || !sameGaps(gaps.rows, state.gaps.rows);
    const lagsMs = range.toMs - state.range.toMs;
    if (!isNew && lagsMs < (range.toMs - range.fromMs) * LEAST_MOVE) return;
    set({ range, perf, gaps, events: { ...state.events, rows } });
  };

  return {
    get: (): HostHistory => state,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** @param now what the live fleet says of the host, as a text that changes when its events or gaps do */
    async refresh(now: string): Promise<void> {
      if (busy || (!isLive && state.perf)) return;
      busy = true;
      const isChanged = now !== mark;
      try {
        await (state.perf ? append(state.perf, isChanged) : load());
        mark = now;
      } catch (error) {
        // What is there stays; the next step asks again.
        if (!state.perf) set({ error: error instanceof Error ? error : new Error(String(error)) });
      } finally {
        busy = false;
      }
    },
  };
}
