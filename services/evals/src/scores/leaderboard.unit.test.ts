import type { EvalScore, FleetState, Fingerprint } from '@boocontrol/contracts';
import { describe, expect, it } from 'vitest';
import { adviceOf } from './advice.js';
import { leaderboardOf } from './leaderboard.js';
import type { ScoredRun } from './leaderboard.repository.js';

function scored(mean: number, half = 0.1): EvalScore {
  const estimate = { mean, low: Math.max(0, mean - half), high: Math.min(1, mean + half) };
  const all = { pass1: estimate, passAtK: estimate, passHatK: estimate };
  return { ...all, k: 1, items: 40, families: 40, samples: 40, left: 0 };
}

const fingerprint = (over: Partial<Fingerprint>): Fingerprint => ({
  ...{ host: 'http://10.0.0.1:8080', hostKind: 'llama-swap', hostVersion: null, model: 'm', file: 'm.gguf' },
  ...{ command: null, engineBuild: 'b1', contextTokens: null, slots: null, otherModels: [] },
  ...{ endpoint: 'chat', sampling: {}, suite: 'abc' },
  ...over,
});

function run(runId: string, over: Partial<ScoredRun> & { mean?: number } = {}): ScoredRun {
  const { mean = 0.5, ...rest } = over;
  return {
    ...{ runId, providerId: 'tower', model: 'qwen3-30b-a3b-Q4_K_M', suiteName: 'coding', suiteHash: 'v1' },
    ...{ category: 'agent-coding', score: scored(mean), quant: null, fingerprint: null },
    ...{ vramMb: null, vramReason: null },
    speed: { genTps: 40, ttftMs: 200, outputTokens: 300, concurrency: 1 },
    at: '2026-11-22T05:00:00.000000Z',
    newestFingerprint: null,
    ...rest,
  };
}

const fleet = {
  hosts: {
    tower: {
      liveness: { state: 'connected' },
      models: [{ id: 'qwen3-30b-a3b-Q4_K_M', state: 'ready' }],
    },
  },
} as unknown as FleetState;

describe('the leaderboard', () => {
  it('has a row for each model of each host, the best first, and says what runs now', () => {
    const { rows, categories } = leaderboardOf(
      [run('a', { mean: 0.4 }), run('b', { providerId: 'rack', mean: 0.9 })],
      new Map(),
      fleet,
    );
    expect(categories).toEqual(['agent-coding']);
    expect(rows.map(({ providerId }) => providerId)).toEqual(['rack', 'tower']);
    expect(rows[1]).toMatchObject({ loaded: true, healthy: true, quant: 'Q4_K_M', sizeB: 30 });
    expect(rows[0]).toMatchObject({ loaded: false, healthy: false });
    expect(rows.map(({ scores }) => scores[0]?.rank)).toEqual([
      { from: 1, to: 1 },
      { from: 2, to: 2 },
    ]);
  });

  it('gives no place among runs of another version', () => {
    const { rows } = leaderboardOf(
      [
        run('a', { mean: 0.1, suiteHash: 'v1' }),
        run('b', { providerId: 'rack', mean: 0.9, suiteHash: 'v2' }),
      ],
      new Map([['coding', 'v2']]),
      null,
    );
    expect(rows.flatMap(({ scores }) => scores.map(({ rank, isStale }) => [rank.from, isStale]))).toEqual([
      [1, false],
      [1, true],
    ]);
  });

  it('says that a score is of a build or file that is no longer there', () => {
    const stale = (newestFingerprint: Fingerprint | null) =>
      leaderboardOf([run('a', { fingerprint: fingerprint({}), newestFingerprint })], new Map(), null).rows[0]
        ?.scores[0]?.isStale;
    expect(stale(fingerprint({}))).toBe(false);
    expect(stale(fingerprint({ engineBuild: 'b2' }))).toBe(true);
    expect(stale(fingerprint({ file: 'other.gguf' }))).toBe(true);
    expect(stale(fingerprint({ engineBuild: null }))).toBe(false);
    expect(stale(null)).toBe(false);
  });

  it('has a front of those that nobody beats in both', () => {
    const slow = { genTps: 10, ttftMs: 200, outputTokens: 300, concurrency: 1 };
    const { pareto } = leaderboardOf(
      [
        run('good', { mean: 0.9, speed: slow }),
        run('fast', { providerId: 'rack', mean: 0.5 }),
        run('neither', { providerId: 'attic', mean: 0.4, speed: slow }),
      ],
      new Map(),
      null,
    );
    expect(pareto).toEqual([{ category: 'agent-coding', runIds: ['good', 'fast'] }]);
  });
});

describe('what routing is told', () => {
  const told = (runs: ScoredRun[]) =>
    [...adviceOf(runs).values()].map(({ providerId, category, mean }) => [providerId, category, mean]);

  it('is a score of each category and an overall one, of the host that it was measured at', () => {
    const scores = [
      ...adviceOf([run('a'), run('b', { suiteName: 'tools', category: 'tool-calls', mean: 0.9 })]).values(),
    ];
    expect(scores).toHaveLength(3);
    expect(scores[0]).toMatchObject({
      ...{ model: 'qwen3-30b-a3b-Q4_K_M', providerId: 'tower', category: 'agent-coding', runId: 'a', n: 40 },
      ...{ mean: 0.5, low: 0.4, high: 0.6, genTps: 40, ttftMs: 200, suite: { name: 'coding', hash: 'v1' } },
    });
    expect(scores[2]).toMatchObject({ category: null, mean: 0.7, n: 80, by: 'suites coding, tools' });
  });

  it('leaves out what cannot be compared: other versions than that by which most were measured', () => {
    expect(
      told([
        run('a', { mean: 0.2 }),
        run('b', { providerId: 'rack', mean: 0.3 }),
        run('c', { providerId: 'attic', mean: 0.9, suiteHash: 'v2' }),
      ]),
    ).toEqual([
      ['tower', 'agent-coding', 0.2],
      ['rack', 'agent-coding', 0.3],
      ['tower', null, 0.2],
      ['rack', null, 0.3],
    ]);
  });

  it('of two versions with as many models is the one that was run last', () => {
    const later = { suiteHash: 'v2', at: '2026-11-23T05:00:00.000000Z', mean: 0.8 };
    expect(told([run('a'), run('b', later)])).toContainEqual(['tower', 'agent-coding', 0.8]);
    expect(told([run('b', later), run('a')])).toContainEqual(['tower', 'agent-coding', 0.8]);
  });

  it('has nothing overall for a model that was only asked what few others were', () => {
    const both = (providerId: string) => [
      run(`${providerId}1`, { providerId }),
      run(`${providerId}2`, { providerId, suiteName: 'tools', category: 'tool-calls' }),
    ];
    const overall = told([...both('tower'), ...both('rack'), run('c', { providerId: 'attic' })]).filter(
      ([, category]) => category === null,
    );
    expect(overall.map(([providerId]) => providerId)).toEqual(['tower', 'rack']);
  });

  it('is nothing when nothing was measured', () => {
    expect(adviceOf([])).toEqual(new Map());
  });
});
