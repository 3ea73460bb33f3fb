import type { Cell, Fingerprint } from '@boocontrol/contracts';
import { expect, test } from 'vitest';
import type { Comparable } from './compared.repository.js';
import { heldAgainst } from './verdicts.js';

const fingerprint: Fingerprint = {
  ...{ host: 'http://tower:8080', hostKind: 'llama-swap', hostVersion: 'v240', model: 'one', file: null },
  ...{ command: null, engineBuild: 'b1', contextTokens: 8_192, slots: 4, otherModels: [], endpoint: 'chat' },
  ...{ sampling: {}, suite: 'abc' },
};

/** A cell whose answers came at about this speed, tokens/s. */
function cellAt(name: string, speed: number): Cell {
  const repetitions = [0.99, 1, 1, 1.01, 1].map((part) => part * speed);
  const genTps = {
    n: 5,
    median: speed,
    low: speed,
    high: speed,
    p95: null,
    p99: null,
    min: speed,
    max: speed,
    repetitions,
  };
  return {
    name,
    spec: { promptTokens: 64, outputTokens: 16, depth: 0, load: { kind: 'closed', concurrency: 1 } },
    ...{ state: 'measured', reason: null, warmups: 1, pollution: [] },
    requests: { asked: 5, ok: 5, errors: 0, incomplete: 0, aborted: 0 },
    figures: { genTps },
  };
}
const runAt = (speed: number, over: Partial<Comparable> = {}): Comparable => ({
  ...{ runId: `at ${speed}`, startedAt: '2026-11-21T12:00:00.000000Z', fingerprint, contaminated: [] },
  cells: [cellAt('a', speed), cellAt('b', speed)],
  ...over,
});
const verdicts = (before: Comparable | null, now: Comparable) =>
  heldAgainst(before, now).judged.map(({ cell, verdict, reason }) => [cell, verdict, reason]);

test('a fifth slower is a regression of each cell', () => {
  expect(verdicts(runAt(100), runAt(80))).toEqual([
    ['a', 'regressed', null],
    ['b', 'regressed', null],
  ]);
  expect(heldAgainst(runAt(100), runAt(80)).regressed).toBe(2);
});

test('without a baseline there is no verdict, and nothing is divided', () => {
  for (const [, verdict] of verdicts(null, runAt(80))) expect(verdict).toBe('no_baseline');
  expect(heldAgainst(runAt(100), null)).toEqual({ baseline: null, changed: [], judged: [], regressed: 0 });
});

test('what something else may have touched is judged by nothing, and nothing by it', () => {
  expect(verdicts(runAt(100), runAt(80, { contaminated: ['a'] }))).toEqual([
    ['a', 'inconclusive', 'this run is contaminated'],
    ['b', 'regressed', null],
  ]);
  expect(verdicts(runAt(100, { contaminated: ['b'] }), runAt(80))).toEqual([
    ['a', 'regressed', null],
    ['b', 'inconclusive', 'the baseline is contaminated'],
  ]);
  expect(heldAgainst(runAt(100), runAt(80, { contaminated: ['a', 'b'] })).regressed).toBe(0);
});

test('what has changed is named beside the verdict', () => {
  const now = runAt(80, { fingerprint: { ...fingerprint, engineBuild: 'b2' } });
  expect(heldAgainst(runAt(100), now).changed).toEqual(['engine build b1 → b2']);
});
