import { describe, expect, it } from 'vitest';
import { Breakers } from './breaker.js';

function after(...outcomes: ('success' | 'failure' | 'neutral')[]): Breakers {
  const breakers = new Breakers();
  outcomes.forEach((outcome, at) => {
    if (breakers.begin('k', at)) breakers.end('k', outcome, at);
  });
  return breakers;
}
const times = <T>(count: number, ...values: T[]): T[] => Array.from({ length: count }, () => values).flat();

describe('a breaker', () => {
  it.each<[string, Parameters<typeof after>, boolean]>([
    ['stays closed after four failures', times(4, 'failure' as const), true],
    ['opens after five in a row', times(5, 'failure' as const), false],
    [
      'begins to count anew after a success',
      [...times(4, 'failure' as const), 'success', ...times(4, 'failure' as const)],
      true,
    ],
    ['does not count what tells nothing', times(9, 'neutral' as const), true],
    ['opens by rate', times(6, 'failure' as const, 'failure' as const, 'success' as const), false],
  ])('%s', (_what, outcomes, mayTry) => {
    expect(after(...outcomes).mayTry('k', 100).ok).toBe(mayTry);
  });

  it('lets one through after a while, and no second one meanwhile', () => {
    const breakers = after(...times(5, 'failure' as const));
    const { retryAtMs } = breakers.stateOf('k', 5);
    expect(breakers.begin('k', retryAtMs - 1)).toBe(false);
    expect(breakers.stateOf('k', retryAtMs).state).toBe('half-open');
    expect(breakers.begin('k', retryAtMs)).toBe(true);
    expect(breakers.begin('k', retryAtMs)).toBe(false);
    breakers.end('k', 'success', retryAtMs + 1);
    expect(breakers.stateOf('k', retryAtMs + 1).state).toBe('closed');
  });

  it('opens for longer when the trial fails, and tries again when it told nothing', () => {
    const breakers = after(...times(5, 'failure' as const));
    const { retryAtMs } = breakers.stateOf('k', 5);
    breakers.begin('k', retryAtMs);
    breakers.end('k', 'neutral', retryAtMs);
    expect(breakers.begin('k', retryAtMs)).toBe(true);
    breakers.end('k', 'failure', retryAtMs);
    expect(breakers.stateOf('k', retryAtMs)).toEqual({ state: 'open', retryAtMs: retryAtMs + 20_000 });
  });

  it('tells what went wrong last, and nothing of what never failed', () => {
    const breakers = new Breakers();
    breakers.end('good', 'success', 1);
    breakers.end('k', 'failure', 1, 'broke off');
    breakers.end('k', 'failure', 2, 'said nothing in time');
    breakers.end('k', 'success', 3);
    expect(breakers.describe(4, 10)).toEqual([
      {
        key: 'k',
        state: 'closed',
        retryAtMs: 0,
        inARow: 0,
        failures: 2,
        of: 3,
        lastFailure: { atMs: 2, message: 'said nothing in time' },
      },
    ]);
    for (const at of [5, 6, 7, 8, 9]) breakers.end('k', 'failure', at, 'x');
    expect(breakers.describe(10, 10)).toMatchObject([{ state: 'open', retryAtMs: 10_009, inARow: 5 }]);
    expect(breakers.describe(10, 0)).toEqual([]);
  });

  it('knows each model of each host apart', () => {
    expect(after(...times(5, 'failure' as const)).mayTry('other', 5).ok).toBe(true);
  });
});
