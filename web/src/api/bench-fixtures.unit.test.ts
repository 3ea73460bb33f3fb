import {
  BenchBaselinesSchema,
  BenchEstimateSchema,
  BenchFastestSchema,
  BenchHistorySchema,
  BenchRunDetailSchema,
  BenchRunsPageSchema,
  BenchSamplesPageSchema,
  BenchSchedulesSchema,
  BenchStartedSchema,
  BenchSuitesSchema,
  BenchSuiteVersionsSchema,
  ControlJobSchema,
  ErrorBodySchema,
  RecordedTrafficSchema,
  type ControlJob,
} from '@boocontrol/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MadeBench } from '../../testing/bench-desk';
import { manyRuns, runId } from '../../testing/bench-runs';
import { homeFleet } from '../../testing/fleet';
import { FixtureServer } from '../../testing/server';

const NOW = Date.now();
const server = new FixtureServer(homeFleet(NOW));
server.bench.runs = manyRuns(12, NOW);
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
  const answer = await fetch(`${base}/api/bench${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return answer.json();
};

const TARGETS = [{ providerId: 'tower', model: 'qwen3-32b-Q4_K_M' }];

describe('made-up benchmarks hold to the contracts', () => {
  it.each([
    ['/suites', BenchSuitesSchema],
    ['/suites/my-agents/versions', BenchSuiteVersionsSchema],
    ['/runs', BenchRunsPageSchema],
    ['/runs?limit=5&cursor=5&providerId=tower', BenchRunsPageSchema],
    [`/runs/${runId(12)}`, BenchRunDetailSchema],
    [`/runs/${runId(3)}?against=${runId(6)}`, BenchRunDetailSchema],
    [`/runs/${runId(12)}/samples?limit=20`, BenchSamplesPageSchema],
    ['/baselines', BenchBaselinesSchema],
    ['/schedules', BenchSchedulesSchema],
    ['/history?figure=genTps&days=90', BenchHistorySchema],
    ['/fastest', BenchFastestSchema],
    [`/runs/${runId(99)}`, ErrorBodySchema],
  ])('GET %s', async (path, schema) => holds(schema, await call(path)));

  it('an estimate, a start, and what is told of the run', async () => {
    const asked = { suite: 'quick', targets: TARGETS };
    holds(BenchEstimateSchema, await call('/estimate', 'POST', asked));
    holds(RecordedTrafficSchema, await call('/recorded-traffic', 'POST', { source: 'opencode' }));
    holds(BenchStartedSchema, await call('/runs', 'POST', asked));
    const frames: ControlJob[] = [];
    const bench = new MadeBench(true, { fleet: () => server.fleet, tell: (frame) => frames.push(frame) });
    bench.answer('POST', '/bench/runs', new URLSearchParams(), asked);
    const id = bench.runs[0]?.run.id ?? '';
    bench.begin(id);
    bench.work(id, 0, { genTps: 40 });
    bench.endCell(id, 0, 'opencode');
    bench.end(id);
    for (const frame of frames) holds(ControlJobSchema, frame);
    expect(frames.map(({ jobs }) => jobs[0]?.event)).toEqual([
      'queued',
      'running',
      'progress',
      'cell',
      'succeeded',
    ]);
  });
});
