import { type Cell, type Load, type Suite, type SuiteInput, SuiteSchema } from '@boocontrol/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimateRequests } from './estimate.js';
import { nextCell } from './plan.js';
import { rates, stepsAtMost } from './search.js';

type Search = Extract<Load, { kind: 'search' }>;
/** How many of a hundred requests a second keep the limits, at a rate. */
type SimulatedHost = (ratePerS: number) => Partial<
  Pick<Cell, 'state' | 'reason' | 'pollution' | 'figures'>
> & {
  good: number;
};

function suiteOf(load: Partial<Search>, more: Partial<SuiteInput> = {}): Suite {
  return SuiteSchema.parse({
    name: 'search',
    promptTokens: [64],
    outputTokens: [8],
    repetitions: 5,
    slo: { ttftMs: 500 },
    load: { kind: 'search', ...load },
    ...more,
  });
}

/** Measures until the suite is done, as a session does. */
function searched(suite: Suite, host: SimulatedHost, done: readonly Cell[] = []): Cell[] {
  const cells = [...done];
  for (;;) {
    const next = nextCell(suite, cells, { contextTokens: null });
    if (next === null) return cells;
    if (cells.length > 500) throw new Error('a search without end');
    const { spec } = next;
    const { good, ...more } = host(spec.load.kind === 'open' ? spec.load.ratePerS : 0);
    const requests = { asked: 100, ok: 100, errors: 0, incomplete: 0, aborted: 0, good };
    cells.push({
      ...{ name: next.name, spec, state: 'measured', reason: null, warmups: 1, requests },
      ...{ figures: {}, pollution: [], ...more },
    });
  }
}

const upTo =
  (capacity: number): SimulatedHost =>
  (ratePerS) => ({ good: ratePerS <= capacity ? 98 : 40 });
const ratesOf = (cells: readonly Cell[]): number[] =>
  cells.map(({ spec }) => (spec.load.kind === 'open' ? spec.load.ratePerS : NaN));
const loads = fc.record({
  fromPerS: fc.double({ min: 0.05, max: 20, noNaN: true }),
  toPerS: fc.double({ min: 0.05, max: 500, noNaN: true }),
});
const capacities = fc.double({ min: 0.01, max: 1_000, noNaN: true });

describe('a search of a rate, against hosts of known capacity', () => {
  test('finds it to 10 %, in few steps, and tells no rate that was not measured', () => {
    fc.assert(
      fc.property(loads, capacities, (load, capacity) => {
        const suite = suiteOf(load);
        const cells = searched(suite, upTo(capacity));
        const tried = ratesOf(cells);
        const [found, ...others] = rates(suite, cells);
        const first = Math.min(load.fromPerS, load.toPerS);
        expect(others).toEqual([]);
        expect(new Set(tried).size).toBe(tried.length);
        expect(tried.length).toBeLessThanOrEqual(stepsAtMost(suite.load as Search));
        expect(Math.max(...tried)).toBeLessThanOrEqual(load.toPerS);
        const highest = found?.highestPerS ?? null;
        if (highest === null) expect(capacity).toBeLessThan(first);
        else {
          expect(tried).toContain(highest);
          expect(highest).toBeLessThanOrEqual(capacity);
          if (highest < load.toPerS) expect(capacity).toBeLessThan(highest * 1.1001);
        }
      }),
    );
  });

  test('a host that can do more is never told to do less', () => {
    fc.assert(
      fc.property(loads, capacities, capacities, (load, one, other) => {
        const suite = suiteOf(load);
        const found = (capacity: number): number =>
          rates(suite, searched(suite, upTo(capacity)))[0]?.highestPerS ?? 0;
        expect(found(Math.min(one, other))).toBeLessThanOrEqual(found(Math.max(one, other)));
      }),
    );
  });

  test('a host that answers as chance has it is no search without end, and is told below what it failed at', () => {
    fc.assert(
      fc.property(loads, fc.infiniteStream(fc.integer({ min: 80, max: 100 })), (load, chance) => {
        const suite = suiteOf(load);
        const cells = searched(suite, () => ({ good: chance.next().value ?? 100 }));
        const [found] = rates(suite, cells);
        const failed = cells.filter(({ requests }) => (requests.good ?? 0) < 95);
        for (const rate of ratesOf(failed)) expect(found?.highestPerS ?? 0).toBeLessThan(rate);
      }),
    );
  });

  test('goes on where it was cut, wherever that was', () => {
    fc.assert(
      fc.property(loads, capacities, fc.nat(30), (load, capacity, cut) => {
        const suite = suiteOf(load);
        const whole = searched(suite, upTo(capacity));
        expect(searched(suite, upTo(capacity), whole.slice(0, cut))).toEqual(whole);
      }),
    );
  });
});

describe('why it ended', () => {
  const whyOf = (host: SimulatedHost, more: Partial<SuiteInput> = {}) => {
    const suite = suiteOf({ fromPerS: 1, toPerS: 8 }, more);
    return rates(suite, searched(suite, host))[0];
  };

  test.each<[string, SimulatedHost, number | null, string]>([
    ['never kept', () => ({ good: 94 }), null, 'not even 1 a second kept the limits: 94 of 100 requests did'],
    ['always kept', () => ({ good: 95 }), 8, '8 a second is the highest rate that is tried'],
    ['found', upTo(5.3), 5.25, '5.5 a second did not keep the limits: 40 of 100 requests did'],
    [
      'errors',
      (rate) => ({ good: 50, ...(rate > 2 && { state: 'partial', reason: '10 requests failed' }) }),
      null,
      'not even 1 a second kept the limits: 50 of 100 requests did',
    ],
    [
      'errors later',
      (rate) => ({ good: 99, ...(rate > 2 && { state: 'partial', reason: '10 requests failed' }) }),
      2,
      'it ended at 4 a second: 10 requests failed',
    ],
    [
      'this machine',
      (rate) => ({ good: 99, pollution: rate > 2 ? [{ reason: 'sent_late', samples: 30 }] : [] }),
      2,
      'it ended at 4 a second: 30 of 100 requests left late, so this machine is the limit',
    ],
  ])('%s', (_what, host, highestPerS, why) => {
    expect(whyOf(host)).toEqual({ cells: 'pp64 tg8 d0', highestPerS, why });
  });

  test('more gained nothing, where the suite ends for that', () => {
    const flat = (median: number) => ({
      tokensPerS: {
        n: 1,
        median,
        low: null,
        high: null,
        p95: null,
        p99: null,
        min: 1,
        max: 1,
        repetitions: [1],
      },
    });
    const host: SimulatedHost = (rate) => ({ good: 99, figures: flat(Math.min(rate, 2)) });
    expect(whyOf(host, { stop: { saturation: true } })).toMatchObject({
      highestPerS: 4,
      why: 'more than 2 a second gained nothing',
    });
    expect(whyOf(host)?.highestPerS).toBe(8);
  });
});

test('each combination has a search of its own, and what it may take is told before', () => {
  const suite = suiteOf({ fromPerS: 1, toPerS: 16 }, { promptTokens: [64, 128] });
  const cells = searched(suite, upTo(3));
  const found = rates(suite, cells);
  expect(found.map(({ cells: name, highestPerS }) => [name, highestPerS])).toEqual([
    ['pp64 tg8 d0', 3],
    ['pp128 tg8 d0', 3],
  ]);
  const { cells: most, requests, each } = estimateRequests(suite);
  expect(most).toBeGreaterThanOrEqual(cells.length);
  expect(requests).toBe(most * 20 * 5);
  expect(each.map(({ times }) => times)).toEqual([9, 9]);
  expect(rates(suite, cells.slice(0, 2))).toEqual([]);
});
