import { describe, expect, it } from 'vitest';
import { changedQuery } from './query';
import {
  last,
  rangeChange,
  rangeSpan,
  rangeStepMs,
  rangePhrase,
  rangeText,
  readRange,
  sameRange,
} from './range';

const NOW = Date.UTC(2026, 10, 21, 12);
const read = (text: string) => readRange(new URLSearchParams(text), { fallback: '24h' });
const between = { kind: 'between', fromMs: NOW - 3_600_000, toMs: NOW } as const;

describe('the time range of a page', () => {
  it('is a preset, or two instants, in the address', () => {
    expect(read('')).toEqual(last('24h'));
    expect(read('range=7d')).toEqual(last('7d'));
    expect(read('from=2026-11-21T11:00:00Z&to=2026-11-21T12:00:00Z')).toEqual(between);
  });

  it('survives the way through the address', () => {
    for (const range of [last('24h'), last('all'), between])
      expect(sameRange(read(changedQuery('?host=a', rangeChange(range, '24h'))), range)).toBe(true);
    expect(changedQuery('?range=1h&open=x', rangeChange(last('24h'), '24h'))).toBe('?open=x');
    expect(changedQuery('?range=1h', rangeChange(between, '24h'))).not.toContain('range=');
  });

  it('reads the addresses of before, which said span', () => {
    expect(read('span=15m')).toEqual(last('15m'));
    expect(changedQuery('?span=15m', rangeChange(last('1h'), '24h'))).toBe('?range=1h');
  });

  it.each(['range=nonsense', 'from=x&to=y', 'from=2026-11-21T12:00:00Z', 'from=2026-11-21&to=2026-11-20'])(
    'falls back to the page’s own for %s',
    (text) => expect(read(text)).toEqual(last('24h')),
  );

  it('offers only what the page offers', () => {
    const rules = { fallback: '15m', presets: ['15m', '1h'] } as const;
    expect(readRange(new URLSearchParams('range=all'), rules)).toEqual(last('15m'));
  });

  it('has a beginning and an end', () => {
    expect(rangeSpan(last('1h'), NOW)).toEqual({ fromMs: NOW - 3_600_000, toMs: NOW });
    expect(rangeSpan(last('all'), NOW)).toEqual({ fromMs: null, toMs: NOW });
    expect(rangeSpan(between, 0)).toMatchObject({ fromMs: NOW - 3_600_000, toMs: NOW });
  });

  it('is not asked again once it has ended', () => {
    expect([rangeStepMs(last('1h')), rangeStepMs(between)]).toEqual([15_000, null]);
  });

  it('is said in words', () => {
    expect(rangeText(last('15m'))).toBe('last 15 min');
    expect(rangeText(between)).toMatch(/^\d+ Nov \d\d:00 to \d\d:00$/);
    expect([last('1h'), last('all')].map(rangePhrase)).toEqual(['in the last hour', 'so far']);
    expect(rangePhrase(between)).toMatch(/^from \d+ Nov \d\d:00 to \d\d:00$/);
  });
});
