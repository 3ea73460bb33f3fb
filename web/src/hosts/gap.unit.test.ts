import type { Gap } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { describe, expect, it } from 'vitest';
import { clock } from '../format/time';
import { gapWords, isFreshGap } from './gap';

const NOW = Date.UTC(2026, 10, 20, 12);
const [FROM, TO] = [NOW - 1_500_000, NOW - 300_000];
const [from, to] = [clock(FROM, NOW), clock(TO, NOW)];
const gap = (reason: Gap['reason'], missing: number | null): Gap => ({
  providerId: 'tower',
  at: instantFromMs(NOW),
  model: '*',
  state: 'gap_suspected',
  fromTs: instantFromMs(FROM),
  toTs: instantFromMs(TO),
  reason,
  missing,
});

describe('a gap in words', () => {
  it.each([
    [
      gap('host_restarted', 3),
      `Requests ${from}–${to} may be missing`,
      `Requests between ${from} and ${to} may be missing: the host restarted while it could not be followed.`,
    ],
    [
      gap('ring_overflow', 3),
      `3 requests ${from}–${to} are missing`,
      `3 requests between ${from} and ${to} are missing: they left the host’s memory before they could be read.`,
    ],
    [
      gap('ring_overflow', null),
      `Requests ${from}–${to} are missing`,
      `Requests between ${from} and ${to} are missing: they left the host’s memory before they could be read.`,
    ],
    [
      gap('capture_lost', 1),
      `1 body ${from}–${to} is missing`,
      `1 body between ${from} and ${to} is missing: it left the host’s capture buffer before it could be read.`,
    ],
  ])('%o', (lost, short, full) => expect(gapWords(lost, NOW)).toEqual({ short, full }));
  it('names one minute once', () => {
    const brief = { ...gap('host_restarted', null), fromTs: instantFromMs(TO) };
    expect(gapWords(brief, NOW).short).toBe(`Requests about ${to} may be missing`);
  });
  it('is on the card for a quarter of an hour', () => {
    const lost = gap('ring_overflow', 3);
    expect([TO + 900_000, TO + 900_001].map((ms) => isFreshGap(lost, ms))).toEqual([true, false]);
    expect(isFreshGap(null, NOW)).toBe(false);
  });
});
