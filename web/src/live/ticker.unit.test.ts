import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTicker } from './ticker';

describe('a ticker', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('has one timer for all who listen, and none when nobody does', () => {
    const ticker = createTicker(1000);
    const told = { a: 0, b: 0 };
    expect(vi.getTimerCount()).toBe(0);
    const endA = ticker.subscribe(() => (told.a += 1));
    const endB = ticker.subscribe(() => (told.b += 1));
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(2000);
    endA();
    vi.advanceTimersByTime(1000);
    expect(told).toEqual({ a: 2, b: 3 });
    endB();
    expect(vi.getTimerCount()).toBe(0);
  });
  it('starts again', () => {
    const ticker = createTicker(1000);
    ticker.subscribe(() => undefined)();
    let told = 0;
    const end = ticker.subscribe(() => (told += 1));
    vi.advanceTimersByTime(1000);
    end();
    expect(told).toBe(1);
  });
});
