import { describe, expect, it } from 'vitest';
import { OUTCOMES, outcomeOf, passesStatus, STATUS_FILTERS, type StatusFilter } from './outcome.js';

const statuses = Array.from({ length: 1000 }, (_, status) => status);

describe('the outcome of a request', () => {
  it.each([
    [0, 'failed'],
    [42, 'failed'],
    [101, 'ok'],
    [200, 'ok'],
    [304, 'ok'],
    [400, 'failed'],
    [404, 'failed'],
    [429, 'failed'],
    [498, 'failed'],
    [499, 'client_left'],
    [500, 'failed'],
    [502, 'failed'],
    [999, 'failed'],
  ])('of status %i is %s', (status, outcome) => {
    expect(outcomeOf(status)).toBe(outcome);
  });

  it('is one of every status', () => {
    for (const status of statuses)
      expect(OUTCOMES.filter((outcome) => passesStatus([outcome], status))).toEqual([outcomeOf(status)]);
  });
});

describe('a filter by status', () => {
  it('passes what any of its parts passes, and nothing when it has none', () => {
    for (const status of statuses) {
      expect(passesStatus([], status)).toBe(false);
      const passing = STATUS_FILTERS.filter((filter) => passesStatus([filter], status));
      expect(passesStatus(STATUS_FILTERS, status)).toBe(passing.length > 0);
    }
  });

  it.each<[StatusFilter, number[]]>([
    ['none', [0]],
    ['2xx', [200, 299]],
    ['4xx', [400, 499]],
    ['5xx', [500, 599]],
  ])('%s passes %j and not what is beside them', (filter, [first = 0, last = first]) => {
    const edges = [first - 1, first, last, last + 1];
    expect(edges.map((status) => passesStatus([filter], status))).toEqual([false, true, true, false]);
  });
});
