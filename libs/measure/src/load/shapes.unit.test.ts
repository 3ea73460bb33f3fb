import { describe, expect, test } from 'vitest';
import type { Clock } from '../clock.js';
import { seeded } from '../stats/random.js';
import { arrivals, drive } from './shapes.js';

/** A clock that stands until somebody waits for it, and then is there. */
class SimulatedClock implements Clock {
  #nowMs = 0;
  readonly #waiting: { atMs: number; resolve: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  until(atMs: number): Promise<void> {
    if (atMs <= this.#nowMs) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ atMs, resolve }));
  }

  /** Runs until nobody waits any more. */
  async run(work: Promise<void>): Promise<void> {
    let isDone = false;
    void work.then(() => (isDone = true));
    for (;;) {
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      if (isDone) return;
      const next = this.#waiting.sort((a, b) => a.atMs - b.atMs).shift();
      if (!next) throw new Error('nobody waits, and it is not done');
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.resolve();
    }
  }
}

const never = { isOver: () => false, signal: undefined, random: seeded(1) };

describe('a closed loop', () => {
  test('has so many under way, never more, and sends each once', async () => {
    const clock = new SimulatedClock();
    const sent: number[] = [];
    let [now, most] = [0, 0];
    const send = async (index: number): Promise<void> => {
      sent.push(index);
      now += 1;
      most = Math.max(most, now);
      await clock.until(clock.nowMs() + 10 + index);
      now -= 1;
    };
    await clock.run(drive({ kind: 'closed', concurrency: 4 }, { ...never, clock, count: 20, send }));
    expect(most).toBe(4);
    expect(sent).toEqual(Array.from({ length: 20 }, (_, at) => at));
  });

  test('sends nothing more when it is over', async () => {
    const clock = new SimulatedClock();
    let sent = 0;
    const send = (): Promise<void> => {
      sent += 1;
      return clock.until(clock.nowMs() + 10);
    };
    const options = { ...never, clock, count: 100, send, isOver: () => sent >= 7 };
    await clock.run(drive({ kind: 'closed', concurrency: 3 }, options));
    expect(sent).toBe(7);
  });
});

describe('an open loop', () => {
  const load = { kind: 'open', ratePerS: 10, arrivals: 'constant', requests: 30 } as const;

  test('sends when it is due, and a host that stalls for a second shows it in all that came meanwhile', async () => {
    const clock = new SimulatedClock();
    const tookMs: number[] = [];
    // Answers at once, except that nothing is answered from 1.0 to 2.0 s.
    const send = async (_index: number, intendedMs: number): Promise<void> => {
      const now = clock.nowMs();
      if (now >= 1_000 && now < 2_000) await clock.until(2_000);
      tookMs.push(clock.nowMs() - intendedMs);
    };
    await clock.run(drive(load, { ...never, clock, count: 30, send }));
    expect(tookMs).toHaveLength(30);
    expect(tookMs.filter((ms) => ms > 0).sort((a, b) => a - b)).toEqual([
      100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000,
    ]);
  });

  test('counts from when it was due, also when sending itself was late', async () => {
    const clock = new SimulatedClock();
    const intended: number[] = [];
    const send = (_index: number, intendedMs: number): Promise<void> => {
      intended.push(intendedMs);
      return Promise.resolve();
    };
    await clock.run(drive(load, { ...never, clock, count: 3, send }));
    expect(intended).toEqual([0, 100, 200]);
  });

  test('Poisson arrivals come at their rate, and the same again with the same seed', () => {
    const poisson = { ...load, arrivals: 'poisson' } as const;
    const times = arrivals(poisson, 2_000, seeded(5));
    expect(times).toEqual(arrivals(poisson, 2_000, seeded(5)));
    expect(times[0]).toBe(0);
    expect((times.at(-1) ?? 0) / 1999).toBeGreaterThan(93);
    expect((times.at(-1) ?? 0) / 1999).toBeLessThan(107);
  });
});

describe('a replay', () => {
  const requests = [0, 100, 150].map((atMs) => ({ atMs, promptTokens: 1, outputTokens: 1 }));
  const sentBy = async (speed: number, count: number, tookMs: number): Promise<[number, number][]> => {
    const clock = new SimulatedClock();
    const sent: [number, number][] = [];
    const send = (index: number, intendedMs: number): Promise<void> => {
      sent.push([index, intendedMs]);
      return clock.until(clock.nowMs() + tookMs);
    };
    await clock.run(drive({ kind: 'replay', requests, speed }, { ...never, clock, count, send }));
    return sent;
  };

  test('sends at the recorded times, whatever became of those before, and faster if asked to', async () => {
    expect(await sentBy(1, 3, 10_000)).toEqual([
      [0, 0],
      [1, 100],
      [2, 150],
    ]);
    expect((await sentBy(2, 3, 10)).map(([, atMs]) => atMs)).toEqual([0, 50, 75]);
  });

  test('repetitions come one after the other: the next begins when the last answer is there', async () => {
    expect(await sentBy(1, 6, 40)).toEqual([
      [0, 0],
      [1, 100],
      [2, 150],
      [3, 190],
      [4, 290],
      [5, 340],
    ]);
  });
});
