import type { Model, ModelEvent } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import type { Range } from './range';

export type LaneState = 'loading' | 'ready' | 'unloading' | 'unknown';
export interface Span {
  fromMs: number;
  toMs: number;
  state: LaneState;
}
/** What one model did over the range. */
export interface Lane {
  model: string;
  /** Ascending, apart; between them it was not loaded. */
  spans: Span[];
  /** Moments at which a load failed. */
  failures: number[];
  /** Times it became ready. */
  loads: number;
}

const STATE: Readonly<Record<string, LaneState | null>> = {
  starting: 'loading',
  ready: 'ready',
  stopping: 'unloading',
  unknown: 'unknown',
};
const stateOf = (state: unknown): LaneState | null =>
  typeof state === 'string' ? (STATE[state] ?? null) : null;

/** What is known of a model now, where the range ends now. */
type Current = Pick<Model, 'id' | 'state' | 'since'>;

/**
 * A lane for each model that was loaded, or loading, at some time of the range, by name.
 * @param events of one host, newest first; also from before the range, as far as they are known
 * @param current the models as they are at the end of the range; empty for a range that ended before now
 */
export function modelLanes(events: readonly ModelEvent[], current: readonly Current[], range: Range): Lane[] {
  const byModel = new Map<string, ModelEvent[]>(current.map(({ id }) => [id, []]));
  for (const event of events.toReversed()) {
    if (event.model === '*' || instantToMs(event.ts) >= range.toMs) continue;
    const known = byModel.get(event.model);
    if (known) known.push(event);
    else byModel.set(event.model, [event]);
  }
  return [...byModel]
    .map(([model, own]) => laneOf(model, own, current.find(({ id }) => id === model) ?? null, range))
    .filter(({ spans, failures }) => spans.length + failures.length > 0)
    .sort((a, b) => a.model.localeCompare(b.model, 'en', { numeric: true }));
}

function laneOf(model: string, events: readonly ModelEvent[], current: Current | null, range: Range): Lane {
  const within = events.filter(({ ts }) => instantToMs(ts) >= range.fromMs);
  const before = events[events.length - within.length - 1];
  // Of a model without events only its state now is known, and since when it has it.
  const first = before?.state ?? within[0]?.detail['from'] ?? (within.length === 0 ? current?.state : null);
  const changes: [ms: number, state: LaneState | null][] = [
    [beginOf(before, within, current, range), stateOf(first)],
    ...within.map(({ ts, state }): [number, LaneState | null] => [instantToMs(ts), stateOf(state)]),
  ];
  const [lastMs, lastState] = changes.at(-1) ?? [range.fromMs, null];
  if (current && stateOf(current.state) !== lastState)
    changes.push([
      Math.max(lastMs, current.since ? instantToMs(current.since) : lastMs),
      stateOf(current.state),
    ]);
  return {
    model,
    spans: spansOf(changes, range),
    failures: within.filter(({ detail }) => detail['failed'] === true).map(({ ts }) => instantToMs(ts)),
    loads: within.filter(({ state, detail }) => state === 'ready' && detail['from'] !== null).length,
  };
}

function beginOf(
  before: ModelEvent | undefined,
  within: readonly ModelEvent[],
  current: Current | null,
  { fromMs }: Range,
): number {
  const isKnownSince = !before && within.length === 0 && current?.since;
  return isKnownSince ? Math.max(fromMs, instantToMs(isKnownSince)) : fromMs;
}

function spansOf(changes: readonly [number, LaneState | null][], range: Range): Span[] {
  const spans: Span[] = [];
  changes.forEach(([fromMs, state], i) => {
    const toMs = Math.min(range.toMs, changes[i + 1]?.[0] ?? range.toMs);
    if (state === null || toMs <= fromMs) return;
    const last = spans.at(-1);
    if (last?.state === state && last.toMs === fromMs) last.toMs = toMs;
    else spans.push({ fromMs, toMs, state });
  });
  return spans;
}

/** null: not loaded. */
export const laneStateAt = ({ spans }: Pick<Lane, 'spans'>, ms: number): LaneState | null =>
  spans.find(({ fromMs, toMs }) => fromMs <= ms && ms < toMs)?.state ?? null;

/** Past so many loads, or tries of them, single marks say nothing any more. */
const SWAPS_DRAWN = 15;
export const isDense = ({ loads, failures }: Pick<Lane, 'loads' | 'failures'>): boolean =>
  loads + failures.length > SWAPS_DRAWN;

/** The share of each of `parts` equal parts of the range in which the model was ready. */
export function density({ spans }: Pick<Lane, 'spans'>, { fromMs, toMs }: Range, parts: number): number[] {
  const width = (toMs - fromMs) / parts;
  const shares = Array.from({ length: parts }, () => 0);
  for (const span of spans) {
    if (span.state !== 'ready') continue;
    const firstPart = Math.max(0, Math.floor((span.fromMs - fromMs) / width));
    for (let part = firstPart; part < parts; part++) {
      const start = fromMs + part * width;
      if (start >= span.toMs) break;
      const overlap = Math.min(span.toMs, start + width) - Math.max(span.fromMs, start);
      shares[part] = Math.min(1, (shares[part] ?? 0) + Math.max(0, overlap) / width);
    }
  }
  return shares;
}
