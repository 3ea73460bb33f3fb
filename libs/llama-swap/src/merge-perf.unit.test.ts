import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergePerf, perfIntervalMs } from './merge-perf.js';
import {
  readPerformance,
  type GpuReading,
  type PerfMarks,
  type PerfSample,
  type SysReading,
} from './perf.js';

const BASE_MS = Date.UTC(2026, 10, 20, 16, 0, 0);
/** As a Go host writes it, nanoseconds that a Date cannot hold included. */
const stamp = (ms: number, ns = 137): string =>
  `${new Date(BASE_MS + ms).toISOString().slice(0, -1)}${String(ns).padStart(6, '0')}Z`;

function lists(
  sysMs: readonly number[],
  gpuMs: readonly number[],
  gpus = 2,
): { gpu: GpuReading[]; sys: SysReading[] } {
  const answer = readPerformance({
    sys_stats: sysMs.map((ms) => ({ timestamp: stamp(ms), mem_used_mb: ms, cpu_util_per_core: [10, 30] })),
    gpu_stats: gpuMs.flatMap((ms) =>
      Array.from({ length: gpus }, (_, id) => ({
        timestamp: stamp(ms, 137 + id),
        id,
        name: `gpu ${id}`,
        temp_c: 40,
      })),
    ),
  });
  if (answer === null) throw new Error('no answer');
  return answer;
}

const NONE: PerfMarks = { gpuTs: null, sysTs: null };
const shape = (samples: readonly PerfSample[]): string[] =>
  samples.map(
    ({ gpus, sys }) => `${sys === null ? '-' : sys.memUsedMb}/${gpus === null ? '-' : gpus.length}`,
  );

describe('mergePerf', () => {
  it('joins a system reading with the GPU snapshot nearest to it', () => {
    const samples = mergePerf(lists([0, 5_000, 10_000], [1_200, 6_200, 11_200]), NONE, 5_000);
    expect(shape(samples)).toEqual(['0/2', '5000/2', '10000/2']);
    expect(samples[0]).toMatchObject({
      ts: '2026-11-20T16:00:00.000000Z',
      sysTs: stamp(0),
      gpuTs: stamp(1_200, 138),
    });
    expect(samples[0]?.sys?.cpuUtilPct).toBe(20);
  });

  it('holds a reading back while its partner may still come, and gives it up after an interval', () => {
    const first = mergePerf(lists([0, 5_000], [1_000]), NONE, 5_000);
    expect(shape(first)).toEqual(['0/2']);
    const marks = first.at(-1) ?? NONE;
    expect(shape(mergePerf(lists([0, 5_000], [1_000, 6_000]), marks, 5_000))).toEqual(['5000/2']);
    expect(shape(mergePerf(lists([0, 5_000, 10_000], [1_000]), marks, 5_000))).toEqual(['5000/-']);
  });

  it('waits for nobody on a host without GPUs', () => {
    expect(shape(mergePerf(lists([0, 5_000], []), NONE, 5_000))).toEqual(['0/-', '5000/-']);
  });

  it('reads the interval off the readings', () => {
    expect(perfIntervalMs(lists([0, 15_000, 30_000, 45_010], []).sys, 5_000)).toBe(15_000);
    expect(perfIntervalMs(lists([0], []).sys, 5_000)).toBe(5_000);
  });

  it('over any polls: nothing lost, nothing doubled, in order, whatever the tickers', () => {
    const ticks = fc.record({
      intervalMs: fc.constantFrom(1_000, 5_000, 15_000),
      phaseMs: fc.integer({ min: 0, max: 14_999 }),
      count: fc.integer({ min: 1, max: 40 }),
      jitterMs: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 40, maxLength: 40 }),
      missing: fc.array(fc.nat({ max: 39 }), { maxLength: 6 }),
      gpus: fc.integer({ min: 0, max: 4 }),
      pollsMs: fc.array(fc.integer({ min: 0, max: 700_000 }), { maxLength: 30 }),
    });
    fc.assert(
      fc.property(ticks, ({ intervalMs, phaseMs, count, jitterMs, missing, gpus, pollsMs }) => {
        const at = (phase: number): number[] =>
          Array.from({ length: count }, (_, i) => phase + i * intervalMs + (jitterMs[i] ?? 0));
        const sysMs = at(0);
        const gpuMs = gpus === 0 ? [] : at(phaseMs % intervalMs).filter((_, i) => !missing.includes(i));
        let marks: PerfMarks = NONE;
        const got: PerfSample[] = [];
        // The last poll is long after the last reading, when nothing is held back any more.
        const flush = [...sysMs, ...gpuMs].reduce((a, b) => Math.max(a, b), 0);
        for (const poll of [...pollsMs.sort((a, b) => a - b), flush]) {
          const until = (list: number[]): number[] => list.filter((ms) => ms <= poll);
          const samples = mergePerf(lists(until(sysMs), until(gpuMs), gpus), marks, intervalMs);
          got.push(...samples);
          marks = samples.at(-1) ?? marks;
        }
        const held = mergePerf(
          lists(
            [...sysMs, flush + 10 * intervalMs],
            [...gpuMs, ...(gpus === 0 ? [] : [flush + 10 * intervalMs])],
            gpus,
          ),
          marks,
          intervalMs,
        );
        got.push(...held);
        const sysGot = got.flatMap(({ sys }) => (sys === null ? [] : [sys.memUsedMb]));
        expect(sysGot.filter((ms) => (ms ?? 0) <= flush)).toEqual(sysMs);
        const gpuGot = got.filter(({ gpus: some }) => some !== null);
        expect(gpuGot.filter(({ gpuTs }) => (gpuTs ?? '') <= stamp(flush, 999))).toHaveLength(gpuMs.length);
        expect(gpuGot.every(({ gpus: some }) => some?.length === gpus)).toBe(true);
        const times = got.map(({ ts }) => ts);
        expect([...times].sort()).toEqual(times);
        expect(new Set(times).size).toBe(times.length);
      }),
      { numRuns: 400 },
    );
  });
});

it('readPerformance never throws and passes null lists', () => {
  expect(readPerformance({ enabled: true, sys_stats: null, gpu_stats: null })).toEqual({
    gpu: [],
    sys: [],
    bad: [],
  });
  fc.assert(
    fc.property(fc.anything(), fc.array(fc.anything()), (answer, list) => {
      readPerformance(answer);
      expect(readPerformance({ sys_stats: list, gpu_stats: list })).not.toBeNull();
    }),
  );
});
