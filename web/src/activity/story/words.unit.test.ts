import { instantFromMs } from '@boocontrol/fleet-model';
import { describe, expect, it } from 'vitest';
import { eventWords } from './event-words';
import { keptWords } from './kept-words';
import { sinceBegin } from './offset';

const BEGIN_MS = Date.parse('2026-11-21T12:00:00Z');
const span = { beginMs: BEGIN_MS, endMs: BEGIN_MS + 40_000 };

describe('lines that are not there', () => {
  const words = (proxyMs: number, upstreamMs: number, lines: number): string | null =>
    keptWords(
      [
        { source: 'proxy', since: instantFromMs(BEGIN_MS + proxyMs) },
        { source: 'upstream', since: instantFromMs(BEGIN_MS + upstreamMs) },
      ],
      span,
      lines,
      BEGIN_MS,
    );

  it('are only then told to have never been, when the log reaches so far back', () => {
    expect(words(-1, 0, 0)).toBe('Nothing was logged in that time.');
    expect(words(-1, 0, 5)).toBeNull();
    expect(words(50_000, 60_000, 0)).toContain('have left the log');
  });

  it('may have left, of one log or of both', () => {
    expect(words(-1, 20_000, 3)).toMatch(/those of upstream from before .* may have left/);
    expect(words(-1, 90_000, 0)).toMatch(/those of upstream/);
    expect(words(10_000, 20_000, 0)).toMatch(/proxy from before .* and of upstream/);
  });
});

it('moments are counted from the begin', () => {
  const at = (ms: number): string => sinceBegin(BEGIN_MS + ms, span);
  expect([at(0), at(1_240), at(-400), at(100_000), at(200_000), at(-3_725_000)]).toEqual([
    '+0.0 s',
    '+1.2 s',
    '−0.4 s',
    '+1:40',
    '+3:20',
    '−1:02:05',
  ]);
});

it('a model that ended without being unloaded ended by itself', () => {
  const words = (state: string, detail: Record<string, unknown> = {}): string =>
    eventWords({ state, detail }).text;
  expect(words('stopped', { from: 'stopping' })).toBe('was unloaded');
  expect(words('stopped', { from: 'ready' })).toBe('ended by itself');
  expect(words('stopped', { from: 'starting', failed: true })).toBe('failed to load');
  expect(words('ready', { observed: 'after_gap' })).toContain('could not be followed');
  expect(words('something-new')).toBe('is something-new');
});
