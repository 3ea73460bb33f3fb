import type { Subscription } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Log } from '../logs/logger.js';
import {
  ABANDONED_MS,
  HEARTBEAT_MS,
  JobCancelledError,
  JobHold,
  JobLostError,
  type Beat,
} from './job-hold.js';

const OURS: Beat = { isOurs: true, isCancelAsked: false };

describe('a hold on a job', () => {
  const warnings: unknown[] = [];
  const log = { warn: (_fields: unknown, text: unknown) => warnings.push(text) } as unknown as Log;
  const subscription = { isClosed: () => false, unsubscribe: vi.fn() };
  const nc = { subscribe: vi.fn(() => subscription as unknown as Subscription) };
  let hold: JobHold;
  const holding = (beat: () => Promise<Beat>): JobHold =>
    (hold = new JobHold({ nc, log, cancelSubject: 'boo.cancel', beat }));

  beforeEach(() => {
    vi.useFakeTimers();
    warnings.length = 0;
    vi.clearAllMocks();
  });
  afterEach(async () => {
    const released = hold.release();
    await vi.advanceTimersByTimeAsync(0);
    await released;
    vi.useRealTimers();
  });

  test('beats at once and then each second, for as long as it lasts', async () => {
    const beat = vi.fn().mockResolvedValue(OURS);
    holding(beat);
    await vi.advanceTimersByTimeAsync(2 * HEARTBEAT_MS);
    expect(beat).toHaveBeenCalledTimes(3);
    await vi.advanceTimersByTimeAsync(3 * ABANDONED_MS);
    expect([hold.lost.aborted, hold.cancelled.aborted]).toEqual([false, false]);
    await hold.release();
    expect(subscription.unsubscribe).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is lost when the row is another worker’s, and beats no more', async () => {
    const beat = vi
      .fn()
      .mockResolvedValueOnce(OURS)
      .mockResolvedValue({ ...OURS, isOurs: false });
    holding(beat);
    await vi.advanceTimersByTimeAsync(5 * HEARTBEAT_MS);
    expect(hold.lost.reason).toBeInstanceOf(JobLostError);
    expect(beat).toHaveBeenCalledTimes(2);
    expect(hold.cancelled.aborted).toBe(false);
  });

  test('goes on over beats that fail, until another worker may have the job', async () => {
    holding(vi.fn().mockRejectedValue(new Error('the database is away')));
    await vi.advanceTimersByTimeAsync(ABANDONED_MS - 1);
    expect(hold.lost.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(hold.lost.reason).toBeInstanceOf(JobLostError);
    expect(warnings[0]).toBe('no heartbeat of a worker, trying again');
  });

  test('is lost while a beat is out that nobody answers', async () => {
    let answer = (_beat: Beat): void => undefined;
    holding(() => new Promise((resolve) => (answer = resolve)));
    await vi.advanceTimersByTimeAsync(ABANDONED_MS);
    expect(hold.lost.aborted).toBe(true);
    answer(OURS);
  });

  test('counts from before a beat was sent, by the clock that went further', async () => {
    const beat = vi.fn().mockResolvedValue(OURS);
    holding(beat);
    await vi.advanceTimersByTimeAsync(100);
    beat.mockRejectedValue(new Error('the database is away'));
    vi.setSystemTime(Date.now() + ABANDONED_MS); // The machine slept.
    await vi.advanceTimersByTimeAsync(HEARTBEAT_MS);
    expect(hold.lost.aborted).toBe(true);
  });

  test('is told by its row that it is cancelled', async () => {
    const beat = vi
      .fn()
      .mockResolvedValueOnce(OURS)
      .mockResolvedValue({ ...OURS, isCancelAsked: true });
    holding(beat);
    await vi.advanceTimersByTimeAsync(HEARTBEAT_MS);
    expect(hold.cancelled.reason).toBeInstanceOf(JobCancelledError);
    // It still has to clean up: the row stays its own.
    await vi.advanceTimersByTimeAsync(2 * HEARTBEAT_MS);
    expect(beat).toHaveBeenCalledTimes(4);
    expect(hold.lost.aborted).toBe(false);
  });
});
