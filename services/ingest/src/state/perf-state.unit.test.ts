import type { Gap } from '@boocontrol/contracts';
import { hostTime, type HostClient, type SysReading } from '@boocontrol/llama-swap';
import { expect, it } from 'vitest';
import type { Body, Facts } from './facts.js';
import { PerfState } from './perf-state.js';

const BASE_MS = Date.UTC(2026, 10, 20, 16, 0, 0);
const stamp = (s: number): string => `${new Date(BASE_MS + s * 1000).toISOString().slice(0, -1)}000137Z`;

function reading(s: number): SysReading {
  const time = hostTime(stamp(s));
  if (time === null) throw new Error('no time');
  const none = {
    memTotalMb: 1,
    memUsedMb: 1,
    memFreeMb: 1,
    swapTotalMb: 0,
    swapUsedMb: 0,
    loadAvg1: 0,
    loadAvg5: 0,
    loadAvg15: 0,
  };
  return { time, sys: { cpuUtilPct: 1, cpuUtilPctPerCore: [], net: [], ...none } };
}

/** A host whose ring has these seconds, and what was stated of it. */
function setUp(): {
  look: (seconds: number[]) => Promise<(string | null)[]>;
  samples: string[];
  gaps: object[];
} {
  const samples: string[] = [];
  const gaps: object[] = [];
  const facts = {
    providerId: 'tower',
    log: { warn: () => undefined },
    put: (_kind: string, body: Body<'perf'>) => Promise.resolve(void samples.push(body.ts)),
    gap: (gap: Pick<Gap, 'reason'>) => Promise.resolve(void gaps.push(gap)),
  } as unknown as Facts;
  const perf = new PerfState(facts);
  const asked: (string | null)[] = [];
  return {
    samples,
    gaps,
    look: async (seconds) => {
      const client = {
        performance: (after: string | null) => {
          asked.push(after);
          const from = after === null ? -1n : (hostTime(after)?.epochNs ?? 0n);
          const sys = seconds.map(reading).filter(({ time }) => time.epochNs > from);
          return Promise.resolve({ state: 'on', gpu: [], sys, bad: [] });
        },
      } as unknown as HostClient;
      await perf.poll(client, new AbortController().signal, { perfEveryMs: 1, perfAskAgainMs: 1 });
      return asked;
    },
  };
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: (to - from) / 5 + 1 }, (_, i) => from + i * 5);

it('states each sample once and asks only for what is newer', async () => {
  const { look, samples, gaps } = setUp();
  await look(range(0, 20));
  const asked = await look(range(0, 30));
  expect(samples).toEqual(range(0, 30).map((s) => hostTime(stamp(s))?.instant));
  expect(asked[0]).toBeNull();
  // The GPU list never had a reading: it may begin with one of the last minute.
  expect(asked[1]).toBe('2026-11-20T15:59:20.000000Z');
  expect(gaps).toEqual([]);
});

it('a full ring that begins after what we have is a gap', async () => {
  const { look, samples, gaps } = setUp();
  await look(range(0, 60));
  await look(range(600, 600 + 3_600));
  expect(gaps).toEqual([
    {
      reason: 'perf_ring_overflow',
      fromTs: '2026-11-20T16:01:00.000000Z',
      toTs: '2026-11-20T16:10:00.000000Z',
      missing: 107,
    },
  ]);
  expect(samples).toHaveLength(13 + 721);
});

it('a ring that is not full after an absence is a host that was off: no gap', async () => {
  const { look, gaps } = setUp();
  await look(range(0, 60));
  await look(range(6_000, 6_060));
  expect(gaps).toEqual([]);
});
