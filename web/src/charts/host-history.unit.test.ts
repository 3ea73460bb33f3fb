import type { Gaps, ModelEvent, PerfSeries } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { describe, expect, it } from 'vitest';
import { gpu, perf } from '../../testing/hosts';
import { perfSeries } from '../../testing/readings';
import { last, type TimeRange } from '../browser/range';
import { createHostHistory } from './host-history';

const NOW = Date.UTC(2026, 10, 20, 12);
const host = { perf: perf('nas', NOW, [gpu(0, 'GPU', 1000, 0.5)], 0.5) };
const event = (ms: number): ModelEvent => ({
  providerId: 'nas',
  model: 'm',
  state: 'ready',
  ts: instantFromMs(ms),
  detail: {},
});

/** A history that is asked by hand, and what it was asked for. */
function made(asked: TimeRange) {
  const asks: string[] = [];
  const world = {
    nowMs: NOW,
    /** Newest first. */
    events: [event(NOW - 5000)],
    gaps: [] as Gaps['gaps'],
    /** Samples end here; null: they go on. */
    perfEndMs: null as number | null,
    isDown: false,
  };
  const said = async <T>(what: string, answer: T): Promise<T> => {
    asks.push(what);
    if (world.isDown) throw new Error('away');
    return answer;
  };
  const history = createHostHistory(asked, {
    now: () => world.nowMs,
    perf: ({ fromMs, toMs }, maxPoints): Promise<PerfSeries> => {
      const end = instantFromMs(Math.min(toMs ?? world.nowMs, world.perfEndMs ?? Infinity));
      const query = { providerId: 'nas', from: instantFromMs(fromMs), to: end, maxPoints: `${maxPoints}` };
      return said('perf', perfSeries(new URLSearchParams(query), world.nowMs, host, NOW));
    },
    gaps: () => said('gaps', { rows: world.gaps, complete: true }),
    events: ({ fromMs }) =>
      said('events', {
        rows: world.events.filter(({ ts }) => ts >= instantFromMs(fromMs)),
        complete: true,
      }),
    eventsBefore: () => said('before', []),
  });
  let told = 0;
  history.subscribe(() => (told += 1));
  const taken = (): { asks: string[]; told: number } => {
    const seen = { asks: asks.splice(0).toSorted(), told };
    told = 0;
    return seen;
  };
  return { history, world, taken };
}

describe('the history of a host', () => {
  it('is asked whole once, then with one question a step', async () => {
    const { history, world, taken } = made(last('15m'));
    await history.refresh('a');
    expect(taken()).toEqual({ asks: ['before', 'events', 'gaps', 'perf'], told: 1 });
    world.nowMs += 5000;
    await history.refresh('a');
    expect(taken()).toEqual({ asks: ['perf'], told: 1 });
    expect(history.get().range.toMs).toBe(NOW + 5000);
    expect(history.get().perf?.points.at(-1)?.ts).toBe(instantFromMs(NOW));
  });

  it('changes nothing while nothing is new, and moves on when that lasts', async () => {
    const { history, world, taken } = made(last('15m'));
    world.perfEndMs = NOW;
    await history.refresh('a');
    taken();
    const before = history.get();
    world.nowMs += 10_000;
    await history.refresh('a');
    expect(taken()).toEqual({ asks: ['perf'], told: 0 });
    expect(history.get()).toBe(before);
    world.nowMs += 10_000;
    await history.refresh('a');
    expect(taken().told).toBe(1);
    expect(history.get()).toMatchObject({ perf: before.perf, range: { toMs: NOW + 20_000 } });
  });

  it('asks for events and gaps when the live fleet says that something happened', async () => {
    const { history, world, taken } = made(last('15m'));
    await history.refresh('a');
    taken();
    world.nowMs += 5000;
    world.events.unshift(event(NOW + 1000));
    await history.refresh('b');
    expect(taken().asks).toEqual(['events', 'gaps', 'perf']);
    expect(history.get().events.rows).toEqual([event(NOW + 1000), event(NOW - 5000)]);
    await history.refresh('b');
    expect(taken().asks).toEqual(['perf']);
  });

  it('of a range that has ended is asked once', async () => {
    const { history, world, taken } = made({ kind: 'between', fromMs: NOW - 900_000, toMs: NOW - 60_000 });
    await history.refresh('a');
    world.nowMs += 60_000;
    await history.refresh('b');
    expect(taken().asks).toEqual(['before', 'events', 'gaps', 'perf']);
    expect(history.get().range).toEqual({ fromMs: NOW - 900_000, toMs: NOW - 60_000 });
  });

  it('says why it did not come, keeps what it had, and comes when it can', async () => {
    const { history, world } = made(last('15m'));
    world.isDown = true;
    await history.refresh('a');
    expect(history.get()).toMatchObject({ perf: null, error: { message: 'away' } });
    world.isDown = false;
    await history.refresh('a');
    const { perf: known, error } = history.get();
    expect([known === null, error]).toEqual([false, null]);
    world.isDown = true;
    world.nowMs += 5000;
    await history.refresh('b');
    expect(history.get()).toMatchObject({ perf: known, error: null });
  });

  it('catches up after a long time away', async () => {
    const { history, world } = made(last('15m'));
    await history.refresh('a');
    world.nowMs += 3_600_000;
    await history.refresh('a');
    const { points = [] } = history.get().perf ?? {};
    expect(points.length).toBeGreaterThan(170);
    expect(points[0]?.ts.localeCompare(instantFromMs(world.nowMs - 910_000))).toBe(1);
  });
});
