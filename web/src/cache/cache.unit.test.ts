import { PrefixCauseSchema, type CacheRates, type PrefixDrift } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { describe, expect, it } from 'vitest';
import { madeTurns } from '../../testing/prompt-cache';
import { readFilter, viewHref } from './address';
import { pointMs, ratesView } from './rates';
import { causeOf, CAUSES, causeWords, changeWords, costWords, hitRate, pauseWords, share } from './words';

const START_MS = Date.UTC(2026, 10, 21, 12);
const instant = (minutes: number): string => instantFromMs(START_MS + minutes * 60_000);
const [made] = madeTurns(START_MS, 30).drifts;
if (made === undefined) throw new Error('no drift was made');
const drift = (more: Partial<PrefixDrift>): PrefixDrift => ({ ...made, ...more });

describe('a cause', () => {
  it.each(PrefixCauseSchema.options)('%s has a name, a meaning and advice, in whole sentences', (cause) => {
    const { name, means, advice } = causeWords(cause);
    expect(name).toMatch(/^[a-z][^.]+$/);
    for (const text of [means, advice]) expect(text).toMatch(/^[A-Z].*\.$/);
  });
  it('names are all different', () => {
    const names = PrefixCauseSchema.options.map((cause) => causeWords(cause).name);
    expect(new Set(names).size).toBe(names.length);
  });
  it('is read from an address', () => {
    expect(CAUSES.toSorted()).toEqual(PrefixCauseSchema.options.toSorted());
    expect([causeOf('evicted'), causeOf('gone'), causeOf(null)]).toEqual(['evicted', null, null]);
  });
});

describe('what changed', () => {
  const system = { index: 1, kind: 'system', role: 'system' } as const;
  it.each<[Partial<PrefixDrift>, RegExp]>([
    [
      { cause: 'system_timestamp', firstChangedSegment: system, sameBytes: 1_200, previousBytes: 48_000 },
      /^The system prompt differs in a date.* They part at segment 2, the system prompt\. Only the first 1\.2 kB of 48\.0 kB are the same\.$/,
    ],
    [
      {
        cause: 'tools_reordered',
        firstChangedSegment: { index: 0, kind: 'tools', role: null },
        sameBytes: 0,
      },
      /segment 1, the tools\. It differs from the first byte on\.$/,
    ],
    [
      { cause: 'message_edited', firstChangedSegment: { index: 4, kind: 'message', role: 'assistant' } },
      /segment 5, a message of the assistant\./,
    ],
    [
      { cause: 'other_host', firstChangedSegment: null, previousProviderId: 'nas', providerId: 'tower' },
      /It was at nas before, and went to tower\.$/,
    ],
    [
      { cause: 'other_model', firstChangedSegment: null, previousModel: 'a', model: 'b' },
      /It was a before, and is b now\.$/,
    ],
    [{ cause: 'evicted', firstChangedSegment: null }, /other sessions took its slot meanwhile\.$/],
  ])('%#', (more, words) => expect(changeWords(drift(more))).toMatch(words));
});

describe('what it cost', () => {
  const here = {
    ...{ kind: 'drift' as const, providerId: 'tower', previousProviderId: 'tower' },
    ...{ model: 'm', previousModel: 'm' },
  };
  const known = { cachedTokens: 3_010, expectedCachedTokens: 12_300, lostTokens: 9_290, lostMs: 10_911 };
  it.each<[Partial<PrefixDrift>, string]>([
    [known, '9,290 tokens of 12,300 were read again that the cache would have had. That took 10.9 s.'],
    [
      { ...known, lostMs: null },
      '9,290 tokens of 12,300 were read again that the cache would have had. How long that took is not known.',
    ],
    [
      { ...known, lostTokens: 1 },
      '1 token of 12,300 was read again that the cache would have had. That took 10.9 s.',
    ],
    [{ ...known, lostTokens: 0 }, 'It cost nothing: all of the prompt before was in the cache.'],
    [
      { cachedTokens: null, lostTokens: null, lostMs: null },
      'What it cost is not known: the host did not say how much came from its cache.',
    ],
    [
      { cachedTokens: 5, expectedCachedTokens: null, lostTokens: null, lostMs: null },
      'What it cost is not known: the host did not say how long the prompt before was.',
    ],
    [
      { lostTokens: null, lostMs: null, previousProviderId: 'elsewhere' },
      'What it cost is not told: the request went to another host or model as well, whose cache had nothing of it in any case.',
    ],
  ])('%#: %s', (more, words) => expect(costWords(drift({ ...here, ...more }))).toBe(words));
  it('the pause before is told as a span', () => {
    expect(pauseWords({ previousAt: instant(0), at: instant(4) })).toBe('4 min');
    expect(pauseWords({ previousAt: instant(0), at: instant(0) })).toBe('under a second');
  });
});

describe('a rate', () => {
  it('is of what was told, and never rounded up to all', () => {
    expect([hitRate(null, 10), hitRate(1, null), hitRate(0, 0)]).toEqual([null, null, null]);
    expect([share(hitRate(999, 1_000)), share(hitRate(1, 1)), share(null)]).toEqual(['99 %', '100 %', '–']);
  });

  const rates = (
    minutes: number,
    points: [minute: number, prompt: number, cached: number][],
  ): CacheRates => ({
    from: instant(0),
    to: instant(minutes),
    stepS: 60,
    leftOut: 0,
    series: [
      {
        ...{ source: 'opencode', model: 'm', requests: 1, promptTokens: 1, cacheTokens: 1 },
        points: points.map(([minute, promptTokens, cacheTokens]) => ({
          ...{ at: instant(minute), requests: 1, promptTokens, cacheTokens },
        })),
      },
    ],
  });
  it('is drawn of sums over time, in the middle of it, with holes where nothing was asked', () => {
    const answer = rates(64, [
      [0, 100, 0],
      [1, 300, 300],
      [2, 100, 50],
      [30, 10, 9],
    ]);
    expect(pointMs(answer)).toBe(2 * 60_000);
    expect(ratesView(answer).series).toEqual([
      {
        name: 'opencode, m',
        points: [
          [START_MS + 60_000, 75],
          [START_MS + 3 * 60_000, 50],
          [START_MS + 4 * 60_000, null],
          [START_MS + 31 * 60_000, 90],
        ],
      },
    ]);
    expect(pointMs(rates(10, []))).toBe(60_000);
  });
});

it('goes from view to view with the same requests', () => {
  const query = new URLSearchParams('what=drifts&cause=evicted&drift=1&consumer=a+b&range=7d');
  expect(viewHref(query, 'overview')).toBe('/prompt-cache/?consumer=a+b&range=7d');
  expect(viewHref(query, 'drifts', { cause: 'unknown' })).toBe(
    '/prompt-cache/?what=drifts&consumer=a+b&range=7d&cause=unknown',
  );
  expect(readFilter(query)).toMatchObject({ source: 'a b', model: null, range: { name: '7d' } });
  expect(viewHref(new URLSearchParams(), 'overview')).toBe('/prompt-cache/');
});
