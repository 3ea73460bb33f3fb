import type { Cell, Fingerprint, Pollution, Summary } from '@boocontrol/contracts';
import { describe, expect, test } from 'vitest';
import { compare, type Compared } from './compare.js';

const fingerprint: Fingerprint = {
  ...{ host: 'http://10.0.0.1:8080', hostKind: 'llama.cpp', hostVersion: null, model: 'm', file: null },
  ...{ command: null, engineBuild: 'b1', contextTokens: null, slots: null, otherModels: [] },
  ...{ endpoint: 'chat', sampling: {}, suite: 'abc' },
};

function figure(middle: number): Summary {
  const repetitions = [0.98, 0.99, 1, 1.01, 1.02].map((part) => part * middle);
  return { n: 5, median: middle, low: null, high: null, p95: null, p99: null, min: 0, max: 0, repetitions };
}

/** A run of one cell. */
function run({
  ttftMs = 100,
  genTps = 50,
  pollution = [] as Pollution[],
  engineBuild = 'b1',
} = {}): Compared {
  const cell: Cell = {
    name: 'pp64 tg8 d0 c1',
    spec: { promptTokens: 64, outputTokens: 8, depth: 0, load: { kind: 'closed', concurrency: 1 } },
    ...{ state: 'measured', reason: null, warmups: 1 },
    requests: { asked: 5, ok: 5, errors: 0, incomplete: 0, aborted: 0 },
    figures: { ttftMs: figure(ttftMs), genTps: figure(genTps), e2eMs: figure(1) },
    pollution: pollution.map((reason) => ({ reason, samples: 1 })),
  };
  const of = { ...fingerprint, engineBuild };
  return { runId: 'r', startedAt: '2026-11-22T01:00:00.000Z', fingerprint: of, cells: [cell] };
}
const verdicts = (before: Compared | null, now: Compared) =>
  Object.fromEntries(compare(before, now).judged.map(({ figure: key, verdict }) => [key, verdict]));

test('without a baseline nothing regressed, and that is what is said', () => {
  const told = compare(null, run());
  expect(told).toMatchObject({ baseline: null, changed: [], regressed: 0 });
  expect(told.judged.map(({ verdict, reason }) => [verdict, reason])).toEqual([
    ['no_baseline', 'there is no baseline'],
    ['no_baseline', 'there is no baseline'],
  ]);
});

test('with one a slower run is flagged, each figure by which direction is better, and what changed is named', () => {
  const told = compare(run(), run({ ttftMs: 150, genTps: 35, engineBuild: 'b2' }));
  expect(told).toMatchObject({ regressed: 2, changed: ['engine build b1 → b2'] });
  expect(told.baseline).toEqual({ runId: 'r', startedAt: '2026-11-22T01:00:00.000Z' });
  expect(verdicts(run(), run({ ttftMs: 50, genTps: 70 }))).toEqual({
    ttftMs: 'improved',
    genTps: 'improved',
  });
  expect(verdicts(run(), run())).toEqual({ ttftMs: 'same', genTps: 'same' });
});

test('a baseline of 0 divides nothing', () => {
  const { judged, regressed } = compare(run({ genTps: 0 }), run());
  expect(regressed).toBe(0);
  expect(judged.find(({ figure: key }) => key === 'genTps')).toMatchObject({
    verdict: 'no_baseline',
    ratio: null,
  });
});

test('a cell that the baseline does not have has none', () => {
  expect(verdicts({ ...run(), cells: [] }, run())).toEqual({ ttftMs: 'no_baseline', genTps: 'no_baseline' });
});

describe('a figure that is polluted is not judged', () => {
  test.each<Pollution>(['cached', 'not_cached', 'prompt_length'])(
    '%s: none of the cell, on either side',
    (reason) => {
      const slow = { ttftMs: 150, genTps: 35 };
      for (const told of [
        verdicts(run(), run({ ...slow, pollution: [reason] })),
        verdicts(run({ pollution: [reason] }), run(slow)),
      ])
        expect(told).toEqual({ ttftMs: 'inconclusive', genTps: 'inconclusive' });
    },
  );

  test('a request that left late: what counts from when it was due, not the times between tokens', () => {
    expect(verdicts(run(), run({ ttftMs: 150, genTps: 35, pollution: ['sent_late'] }))).toEqual({
      ttftMs: 'inconclusive',
      genTps: 'regressed',
    });
  });
});
