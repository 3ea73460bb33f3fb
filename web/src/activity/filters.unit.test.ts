import { ActivityQuerySchema } from '@boocontrol/contracts';
import { toActivityRow } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestsOf } from '../../testing/requests';
import { withQuery } from '../api/client';
import { changedQuery } from '../browser/query';
import { last, PRESETS, type TimeRange } from '../browser/range';
import {
  apiQuery,
  FACETS,
  hasFacets,
  isFiltered,
  matches,
  matchesRunning,
  noFilter,
  readFilter,
  STATUS_CLASSES,
  withoutValue,
  withRange,
  withText,
  withValue,
  type Facet,
} from './filters';

const NOW = Date.UTC(2026, 10, 20, 12);
const read = (search: string) => readFilter(new URLSearchParams(search));

const slug = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?$/);
const text = fc
  .string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
  .filter((each) => !each.includes('\0'));
const VALUE: Record<Facet, fc.Arbitrary<string>> = {
  host: slug,
  model: text,
  consumer: slug,
  path: text,
  status: fc.constantFrom(...STATUS_CLASSES),
};
const values = fc.record(
  Object.fromEntries(
    FACETS.map(({ param }) => [param, fc.uniqueArray(VALUE[param], { maxLength: 5 })]),
  ) as Record<Facet, fc.Arbitrary<string[]>>,
);
const filters = fc
  .tuple(
    values,
    fc.oneof(
      fc.constantFrom(...PRESETS.map(({ name }) => last(name))),
      fc
        .uniqueArray(fc.nat({ max: NOW }), { minLength: 2, maxLength: 2 })
        .map(([a = 0, b = 1]): TimeRange => ({
          kind: 'between',
          fromMs: Math.min(a, b),
          toMs: Math.max(a, b),
        })),
    ),
    fc.oneof(
      fc.constant(''),
      text.map((each) => each.trim()),
    ),
  )
  .map(([facets, range, said]) => ({ ...facets, range, text: said }));
/** Anything that somebody may have put into the address bar. */
const nonsense = fc.array(
  fc.tuple(
    fc.constantFrom(...FACETS.map(({ param }) => param), 'range', 'span', 'open', 'from', 'to', 'text'),
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ minLength: 250, maxLength: 300 }),
      slug,
      fc.constantFrom('', 'constructor', 'a-'),
    ),
  ),
  { maxLength: 90 },
);

describe('a filter in the address bar', () => {
  it('comes back as it was put there', () => {
    fc.assert(
      fc.property(filters, ({ range, text, ...facets }) => {
        const search = changedQuery('?open=x', { ...facets, ...withText(text), ...withRange(range) });
        expect(read(search)).toEqual({ ...facets, text, range });
        expect(new URLSearchParams(search).get('open')).toBe('x');
      }),
    );
  });
  it('is the same however often it is written and read', () => {
    fc.assert(
      fc.property(nonsense, (params) => {
        const { range, text, ...facets } = readFilter(new URLSearchParams(params));
        const search = changedQuery('', { ...facets, ...withText(text), ...withRange(range) });
        expect(read(search)).toEqual({ ...facets, text, range });
      }),
    );
  });
  it('is a question that the API takes, whatever stands there', () => {
    fc.assert(
      fc.property(nonsense, (params) => {
        const asked = apiQuery(readFilter(new URLSearchParams(params)), NOW);
        expect(ActivityQuerySchema.safeParse(asked).error).toBeUndefined();
      }),
    );
  });
  it('leaves out the empty and the endless', () => {
    expect(read(`model=&model=${'x'.repeat(257)}&consumer=&consumer=A B&path=%00`)).toEqual(read(''));
  });
  it('takes no more values of one facet than the API', () => {
    const many = Array.from({ length: 80 }, (_, i) => `model=m${i}`).join('&');
    expect(read(many).model).toHaveLength(64);
  });
  it('is cleared at once, and what is no filter stays', () => {
    fc.assert(
      fc.property(filters, ({ range, text, ...facets }) => {
        const search = changedQuery('?open=x', { ...facets, ...withText(text), ...withRange(range) });
        const cleared = changedQuery(search, noFilter);
        expect(cleared).toBe('?open=x');
        expect(isFiltered(read(cleared))).toBe(false);
      }),
    );
  });
});

describe('a value of a filter', () => {
  it('that is added and taken out leaves the filter as it was', () => {
    const facetAndValue = fc
      .constantFrom(...FACETS)
      .chain(({ param }) => fc.tuple(fc.constant(param), VALUE[param]));
    fc.assert(
      fc.property(filters, facetAndValue, (filter, [facet, value]) => {
        const before = { ...filter, ...withoutValue(filter, facet, value) };
        const added = { ...before, ...withValue(before, facet, value) };
        expect(added[facet]).toContain(value);
        expect({ ...added, ...withoutValue(added, facet, value) }).toEqual(before);
      }),
    );
  });
});

describe('what passes a filter', () => {
  const rows = requestsOf(['a', 'b'], ['m1', 'm2'], 200, NOW).map(toActivityRow);
  it('is what has one of the values of each facet', () => {
    const some = fc.record({
      host: fc.subarray(['a', 'b']),
      model: fc.subarray(['m1', 'm2', 'm3']),
      consumer: fc.subarray(['boochat', 'arena']),
      path: fc.subarray(['/v1/chat/completions', '/v1/messages']),
      status: fc.subarray(['2xx', '3xx', '4xx', '5xx']),
    });
    fc.assert(
      fc.property(some, (facets) => {
        const filter = { ...facets, text: '', range: last('all') };
        const among = (wanted: string[], value: string): boolean => !wanted.length || wanted.includes(value);
        expect(rows.filter((row) => matches(row, filter, NOW))).toEqual(
          rows.filter(
            (row) =>
              among(facets.host, row.providerId) &&
              among(facets.model, row.model) &&
              among(facets.consumer, row.source) &&
              among(facets.path, row.reqPath) &&
              among(facets.status, `${String(row.statusCode)[0]}xx`),
          ),
        );
        expect(hasFacets(filter)).toBe(Object.values(facets).some((list) => list.length > 0));
      }),
    );
  });
  it('is nothing live where a text is looked for: what was said is not known yet', () => {
    expect(rows.filter((row) => matches(row, read('text=ring&range=all'), NOW))).toEqual([]);
    expect(hasFacets(read('text=ring'))).toBe(true);
  });
  it('has begun in the range', () => {
    const ages = (range: string) =>
      [0, 900_000, 900_001, 604_800_001].filter((age) =>
        matches({ ...rows[0]!, ts: new Date(NOW - age).toISOString() }, read(`range=${range}`), NOW),
      );
    expect([ages('15m'), ages('24h'), ages('all')]).toEqual([
      [0, 900_000],
      [0, 900_000, 900_001],
      [0, 900_000, 900_001, 604_800_001],
    ]);
  });
  it('has begun before the end of a range of the past, and nothing runs in one', () => {
    const row = (ms: number) => ({ ...rows[0]!, ts: new Date(ms).toISOString() });
    const hour = read('from=2026-11-20T10:00:00Z&to=2026-11-20T11:00:00Z');
    const [from, to] = [Date.UTC(2026, 10, 20, 10), Date.UTC(2026, 10, 20, 11)];
    expect([from - 1, from, to - 1, to].map((ms) => matches(row(ms), hour, NOW))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(apiQuery(hour, NOW)).toMatchObject({
      from: '2026-11-20T10:00:00.000Z',
      to: '2026-11-20T11:00:00.000Z',
    });
  });
  it('has a status, where one is asked for: so nothing that is still under way', () => {
    const request = {
      id: '1',
      startedAt: null,
      model: 'm1',
      reqPath: '/v1/messages',
      method: 'POST',
      source: 'boochat',
      remoteIp: null,
      respBytes: null,
    };
    const passes = (search: string): boolean => matchesRunning('a', request, read(search));
    expect(
      ['', 'host=a&model=m1', 'host=b', 'model=m2', 'consumer=arena', 'path=/v1/messages', 'status=2xx'].map(
        passes,
      ),
    ).toEqual([true, true, false, false, false, true, false]);
    const unknown = { ...request, source: 'unattributed', sourceKnown: false };
    const ofUnknown = ['', 'consumer=unattributed', `consumer=${request.source}`];
    expect(ofUnknown.map((search) => matchesRunning('a', unknown, read(search)))).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('the question to the API', () => {
  it('names each value once, and no facet that is not filtered by', () => {
    expect(withQuery('/activity', apiQuery(read('host=b&host=a&status=5xx&range=all'), NOW))).toBe(
      '/activity?providerId=b&providerId=a&status=5xx',
    );
  });
});
