import { describe, expect, it } from 'vitest';
import { Meter, monthOf, type Limits } from './meter.js';

const NOW = Date.parse('2026-11-30T23:59:00Z');
const NONE: Limits = {
  requestsPerMinute: null,
  tokensPerMinute: null,
  concurrentRequests: null,
  monthlyTokens: null,
};
const meter = (limits: Partial<Limits>): Meter => new Meter({ ...NONE, ...limits }, NOW);

describe('what a key may use', () => {
  it('has no end without limits', () => {
    const free = meter({});
    for (let n = 0; n < 1_000; n++) expect(free.begin(NOW)).toBeNull();
    free.spend(1e12, NOW);
    expect(free.begin(NOW)).toBeNull();
  });

  it('is so many requests a minute, the refused ones not counted', () => {
    const slow = meter({ requestsPerMinute: 2 });
    expect([slow.begin(NOW), slow.begin(NOW)]).toEqual([null, null]);
    for (let n = 0; n < 50; n++) expect(slow.begin(NOW)?.retryAfterS).toBe(30);
    expect(slow.begin(NOW + 30_000)).toBeNull();
    expect(slow.begin(NOW + 30_000)?.why).toContain('2 requests a minute');
  });

  it('is so many tokens a minute: a large answer has to be waited for', () => {
    const slow = meter({ tokensPerMinute: 600 });
    expect(slow.begin(NOW)).toBeNull();
    slow.spend(1_200, NOW);
    expect(slow.begin(NOW)?.retryAfterS).toBe(61);
    expect(slow.begin(NOW + 59_000)).not.toBeNull();
    expect(slow.begin(NOW + 60_100)).toBeNull();
  });

  it('is so many requests at the same time', () => {
    const narrow = meter({ concurrentRequests: 1 });
    expect(narrow.begin(NOW)).toBeNull();
    expect(narrow.begin(NOW)).toMatchObject({ retryAfterS: 1 });
    narrow.end();
    expect(narrow.begin(NOW)).toBeNull();
  });

  it('is so many tokens a month, and begins anew with the next', () => {
    const month = meter({ monthlyTokens: 100 });
    month.spend(99, NOW);
    expect(month.begin(NOW)).toBeNull();
    month.spend(1, NOW);
    expect(month.begin(NOW)).toEqual({ why: 'has used its 100 tokens of this month', retryAfterS: 60 });
    expect(month.begin(NOW + 60_000)).toBeNull();
  });

  it('counts what the table says where that is more, of the same month', () => {
    const month = meter({ monthlyTokens: 100 });
    month.spend(40, NOW);
    month.raise('2026-10', 1_000);
    month.raise(monthOf(NOW), 30);
    expect(month.begin(NOW)).toBeNull();
    month.raise(monthOf(NOW), 100);
    expect(month.begin(NOW)).not.toBeNull();
    month.raise('2026-12', 5);
    expect(month.begin(NOW + 60_000)).toBeNull();
  });

  it('follows a change of its limits, and forgets nothing', () => {
    const changing = meter({ requestsPerMinute: 10, concurrentRequests: 5 });
    for (let n = 0; n < 5; n++) changing.begin(NOW);
    changing.setLimits({ ...NONE, requestsPerMinute: 5, concurrentRequests: 6 }, NOW);
    expect(changing.begin(NOW)?.why).toContain('requests a minute');
    changing.setLimits({ ...NONE, concurrentRequests: 5 }, NOW);
    expect(changing.begin(NOW)?.why).toContain('under way');
    changing.setLimits(NONE, NOW);
    expect(changing.begin(NOW)).toBeNull();
  });
});
