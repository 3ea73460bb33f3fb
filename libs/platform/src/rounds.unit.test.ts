import { getMaxListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Log } from './logs/logger.js';
import { Rounds, type RoundsOptions } from './rounds.js';

describe('rounds', () => {
  const warnings: unknown[] = [];
  const log = { warn: (_fields: unknown, text: unknown) => warnings.push(text) } as unknown as Log;
  let rounds: Rounds;
  const going = (options: Partial<RoundsOptions> & Pick<RoundsOptions, 'round'>): Rounds => {
    rounds = new Rounds({ log, trouble: 'it failed', everyMs: 1_000, ...options });
    rounds.start();
    return rounds;
  };

  beforeEach(() => {
    vi.useFakeTimers();
    warnings.length = 0;
  });
  afterEach(async () => {
    const stopped = rounds.stop();
    await vi.runAllTimersAsync();
    await stopped;
    vi.useRealTimers();
  });

  test('begin at once, and again that long after each end', async () => {
    const round = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 300)));
    going({ round }).start();
    await vi.advanceTimersByTimeAsync(1_299);
    expect(round).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(round).toHaveBeenCalledTimes(2);
  });

  test('that fail are logged and tried again sooner', async () => {
    const round = vi.fn().mockRejectedValueOnce(new Error('away')).mockResolvedValue(undefined);
    going({ round, againMs: 10, everyMs: () => 5_000 });
    await vi.advanceTimersByTimeAsync(10);
    expect(round).toHaveBeenCalledTimes(2);
    expect(warnings).toEqual(['it failed']);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(round).toHaveBeenCalledTimes(2);
  });

  test('that fail in a row may be tried again later each time', async () => {
    const away = new Error('away');
    const round = vi
      .fn()
      .mockRejectedValueOnce(away)
      .mockRejectedValueOnce(away)
      .mockResolvedValueOnce(undefined);
    round.mockRejectedValue(away);
    going({ round, againMs: (failures) => 10 * (failures + 1) });
    for (const [ms, times] of [
      [10, 2],
      [19, 2],
      [1, 3],
      [1_000, 4],
      [10, 5],
    ] as const) {
      await vi.advanceTimersByTimeAsync(ms);
      expect(round).toHaveBeenCalledTimes(times);
    }
  });

  test('that are wanted soon come at once, and once more when one is under way', async () => {
    let end = (): void => undefined;
    const round = vi.fn(() => new Promise<void>((resolve) => (end = resolve)));
    going({ round });
    rounds.soon();
    rounds.soon();
    expect(round).toHaveBeenCalledTimes(1);
    end();
    await vi.advanceTimersByTimeAsync(0);
    expect(round).toHaveBeenCalledTimes(2);
    end();
    await vi.advanceTimersByTimeAsync(0);
    rounds.soon();
    await vi.advanceTimersByTimeAsync(0);
    expect(round).toHaveBeenCalledTimes(3);
    end();
  });

  test('that failed do not come sooner for being wanted soon', async () => {
    const round = vi.fn().mockRejectedValue(new Error('away'));
    going({ round });
    for (let i = 0; i < 9; i++) {
      rounds.soon();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(round).toHaveBeenCalledTimes(1);
  });

  test('are over when they are stopped: the one under way is told, waited for, and no failure of it logged', async () => {
    let isOver = false;
    going({
      round: (signal) =>
        new Promise<void>((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            isOver = true;
            reject(new Error('told to stop'));
          });
        }),
    });
    await rounds.stop();
    expect(isOver).toBe(true);
    expect(warnings).toEqual([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('may begin many things that end with them', async () => {
    let limit = 0;
    going({
      round: (signal) => {
        limit = getMaxListeners(signal);
        return Promise.resolve();
      },
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(limit).toBe(Infinity);
  });

  test('that were never begun are stopped at once', async () => {
    rounds = new Rounds({ log, trouble: '', everyMs: 1, round: () => Promise.resolve() });
    await rounds.stop();
  });
});
