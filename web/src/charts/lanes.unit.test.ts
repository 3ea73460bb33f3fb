import type { ModelEvent, ModelState } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { density, isDense, laneStateAt, modelLanes, type Lane } from './lanes';

const NOW = Date.UTC(2026, 10, 20, 12);
const range = { fromMs: NOW - 1_000_000, toMs: NOW };
const at = (
  ms: number,
  model: string,
  from: ModelState | null,
  state: ModelState,
  failed = false,
): ModelEvent => ({
  providerId: 'tower',
  model,
  state,
  ts: instantFromMs(range.fromMs + ms),
  detail: { from, observed: 'live', failed },
});
const spansOf = (lanes: readonly Lane[]): unknown[] =>
  lanes.map(({ model, spans }) => [
    model,
    ...spans.map(({ fromMs, toMs, state }) => `${state} ${fromMs - range.fromMs}–${toMs - range.fromMs}`),
  ]);
/** Given in the order of time; the history tells newest first. */
const lanesOf = (events: ModelEvent[], current: Parameters<typeof modelLanes>[1] = []): Lane[] =>
  modelLanes(events.toReversed(), current, range);

describe('lanes of models', () => {
  it('show loading, ready and unloading, one lane for each model, by name', () => {
    const lanes = lanesOf([
      at(100, 'b', 'stopped', 'starting'),
      at(200, 'b', 'starting', 'ready'),
      at(300, 'b', 'ready', 'stopping'),
      at(350, 'b', 'stopping', 'stopped'),
      at(400, 'a', 'stopped', 'starting'),
      at(500, 'a', 'starting', 'stopped', true),
      at(600, '*', null, 'ready'),
    ]);
    expect(spansOf(lanes)).toEqual([
      ['a', 'loading 400–500'],
      ['b', 'loading 100–200', 'ready 200–300', 'unloading 300–350'],
    ]);
    expect(lanes.map(({ loads, failures }) => [loads, failures])).toEqual([
      [0, [range.fromMs + 500]],
      [1, []],
    ]);
  });
  it('begin with what was before the range: by the last event, or by what the first one says', () => {
    const lanes = lanesOf([
      at(-500, 'early', 'starting', 'ready'),
      at(300, 'said', 'ready', 'stopped'),
      at(-900, 'over', 'ready', 'stopped'),
    ]);
    expect(spansOf(lanes)).toEqual([
      ['early', 'ready 0–1000000'],
      ['said', 'ready 0–300'],
    ]);
  });
  it('end with what is now, where the range ends now', () => {
    const lanes = lanesOf(
      [at(100, 'a', 'starting', 'ready')],
      [
        { id: 'a', state: 'stopped', since: instantFromMs(range.fromMs + 700) },
        { id: 'fresh', state: 'starting', since: instantFromMs(range.fromMs + 900) },
        { id: 'always', state: 'ready', since: null },
        { id: 'never', state: 'stopped', since: null },
      ],
    );
    expect(spansOf(lanes)).toEqual([
      ['a', 'loading 0–100', 'ready 100–700'],
      ['always', 'ready 0–1000000'],
      ['fresh', 'loading 900–1000000'],
    ]);
  });
  it('leave out what came after the range', () => {
    expect(lanesOf([at(1_000_000, 'late', 'starting', 'ready')])).toEqual([]);
  });

  const states = fc.constantFrom<ModelState>('stopped', 'starting', 'ready', 'stopping', 'unknown', 'absent');
  const changes = fc.array(fc.tuple(fc.integer({ min: -500_000, max: 999_999 }), states), { maxLength: 60 });
  const timelineOf = (made: [number, ModelState][]): ModelEvent[] =>
    made
      .toSorted(([a], [b]) => a - b)
      .map(([ms, state], i, all) => at(ms, 'a', all[i - 1]?.[1] ?? null, state));
  const STATE = { starting: 'loading', ready: 'ready', stopping: 'unloading', unknown: 'unknown' } as const;

  it('say at every moment what the last change before it said', () => {
    fc.assert(
      fc.property(changes, fc.nat({ max: 999_999 }), (made, ms) => {
        const events = timelineOf(made);
        const [lane] = lanesOf(events);
        const last = events.findLast(({ ts }) => ts <= instantFromMs(range.fromMs + ms));
        const expected = STATE[last?.state as keyof typeof STATE] ?? null;
        expect(lane ? laneStateAt(lane, range.fromMs + ms) : null).toBe(expected);
      }),
    );
  });
  it('have spans in order, within the range, of which none goes on as the next', () => {
    fc.assert(
      fc.property(changes, (made) => {
        for (const { spans } of lanesOf(timelineOf(made))) {
          spans.forEach((span, i) => {
            expect(span.fromMs).toBeLessThan(span.toMs);
            expect(span.fromMs).toBeGreaterThanOrEqual(spans[i - 1]?.toMs ?? range.fromMs);
            expect(span.toMs).toBeLessThanOrEqual(range.toMs);
            const next = spans[i + 1];
            expect(next?.fromMs === span.toMs && next.state === span.state).toBe(false);
          });
        }
      }),
    );
  });
  it('have as density the share of time that they were ready, part by part and on the whole', () => {
    fc.assert(
      fc.property(changes, fc.integer({ min: 1, max: 97 }), (made, parts) => {
        const [lane] = lanesOf(timelineOf(made));
        if (!lane) return;
        const shares = density(lane, range, parts);
        const readyMs = lane.spans.reduce(
          (sum, { fromMs, toMs, state }) => sum + (state === 'ready' ? toMs - fromMs : 0),
          0,
        );
        expect(shares).toHaveLength(parts);
        expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
        const mean = shares.reduce((sum, share) => sum + share, 0) / parts;
        expect(mean).toBeCloseTo(readyMs / (range.toMs - range.fromMs), 6);
      }),
    );
  });
  it('are drawn as density past fifteen loads', () => {
    const loadsOf = (n: number): Lane[] =>
      lanesOf(
        Array.from({ length: n }, (_, i) => [
          at(i * 1000, 'a', 'starting', 'ready'),
          at(i * 1000 + 500, 'a', 'ready', 'stopped'),
        ]).flat(),
      );
    expect([...loadsOf(15), ...loadsOf(16)].map(isDense)).toEqual([false, true]);
  });
});
