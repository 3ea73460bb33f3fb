import {
  ControlJobSchema,
  ErrorBodySchema,
  EvalComparisonSchema,
  EvalEstimateOfRunSchema,
  EvalRunDetailSchema,
  EvalRunsPageSchema,
  EvalSampleSchema,
  EvalSamplesPageSchema,
  EvalSandboxesSchema,
  EvalStartedSchema,
  EvalSuiteDetailSchema,
  EvalSuiteHeadSchema,
  EvalSuitesSchema,
  ImportedEvalSuiteSchema,
  LeaderboardSchema,
  ScoresSchema,
  type ControlJob,
} from '@boocontrol/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MadeEvals } from '../../testing/eval-desk';
import { evalId, manyEvals } from '../../testing/eval-runs';
import { homeFleet } from '../../testing/fleet';
import { FixtureServer } from '../../testing/server';

const NOW = Date.now();
const server = new FixtureServer(homeFleet(NOW));
server.evals.runs = manyEvals(NOW);
let base = '';
beforeAll(async () => {
  base = await server.listen();
});
afterAll(() => server.close());

/** A schema drops what it does not know, so what it gives back is compared with what came. */
function holds(schema: { parse: (value: unknown) => unknown }, value: unknown): void {
  expect(schema.parse(value)).toEqual(value);
}

const call = async (path: string, method = 'GET', body?: unknown): Promise<unknown> => {
  const answer = await fetch(`${base}/api${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return answer.json();
};

const TARGETS = [{ providerId: 'tower', model: 'qwen3-32b-Q4_K_M' }];
const sample = (run: number, item: string): string =>
  `/evals/runs/${evalId(run)}/samples/one?item=${item}&sample=0`;

describe('made-up evals hold to the contracts', () => {
  it.each([
    ['/evals/suites', EvalSuitesSchema],
    ['/evals/suites/team-checks', EvalSuiteDetailSchema],
    ['/evals/runs', EvalRunsPageSchema],
    ['/evals/runs?limit=5&cursor=5&providerId=tower', EvalRunsPageSchema],
    [`/evals/runs/${evalId(1)}`, EvalRunDetailSchema],
    [`/evals/runs/${evalId(1)}/samples?limit=20&outcome=failed`, EvalSamplesPageSchema],
    [sample(1, 'csv-reader-1'), EvalSampleSchema],
    [sample(23, 'title-1'), EvalSampleSchema],
    [sample(36, 'weather-1'), EvalSampleSchema],
    [sample(45, 'single-4000-1'), EvalSampleSchema],
    ['/evals/leaderboard', LeaderboardSchema],
    ['/evals/leaderboard?category=utility', LeaderboardSchema],
    [`/evals/compare?a=${evalId(1)}&b=${evalId(2)}`, EvalComparisonSchema],
    ['/evals/sandboxes', EvalSandboxesSchema],
    ['/routing/scores', ScoresSchema],
    [`/evals/runs/${evalId(99)}`, ErrorBodySchema],
    [sample(1, 'none'), ErrorBodySchema],
  ])('GET %s', async (path, schema) => holds(schema, await call(path)));

  it('what is changed and what is told of a run', async () => {
    const asked = { suite: 'utility', targets: TARGETS };
    holds(EvalEstimateOfRunSchema, await call('/evals/estimate', 'POST', asked));
    holds(EvalStartedSchema, await call('/evals/runs', 'POST', asked));
    holds(EvalSampleSchema, await call(sample(1, 'csv-reader-1').replace('/one?', '/one/regrade?'), 'POST'));
    const { suite } = EvalSuiteDetailSchema.parse(await call('/evals/suites/team-checks'));
    holds(
      EvalSuiteHeadSchema,
      await call('/evals/suites/again', 'PUT', { suite: { ...suite, name: 'again' } }),
    );
    const retire = { hash: 'a'.repeat(16), item: 'title-1', reason: 'odd' };
    holds(EvalSuiteHeadSchema, await call('/evals/suites/team-checks/retire', 'POST', retire));
    const text = '{"question":"1+1?","answer":"#### 2"}\nnonsense\n';
    const file = { format: 'gsm8k', text, name: 'sums', title: 'Sums', licence: 'MIT' };
    holds(ImportedEvalSuiteSchema, await call('/evals/suites/import', 'POST', file));
    const frames: ControlJob[] = [];
    const evals = new MadeEvals(true, { fleet: () => server.fleet, tell: (frame) => frames.push(frame) });
    evals.answer('POST', '/evals/runs', new URLSearchParams(), asked);
    const id = evals.runs[0]?.run.id ?? '';
    evals.begin(id);
    evals.work(id, 'title-1', 0, 'asking');
    evals.settle(id, 'title-1', 0, 'passed');
    evals.end(id);
    for (const frame of frames) holds(ControlJobSchema, frame);
    expect(frames.map(({ jobs }) => jobs[0]?.event)).toEqual([
      'queued',
      'running',
      'progress',
      'progress',
      'succeeded',
    ]);
  });
});
