import type { Cell, Fingerprint, Summary } from '@boocontrol/contracts';
import { z } from 'zod';
import { MeasureError } from '../errors.js';
import { medianInterval } from '../stats/bootstrap.js';
import { median, percentile } from '../stats/percentile.js';
import { seeded } from '../stats/random.js';
import { cellName } from '../suite/cells.js';

const count = z.int().min(0);
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** One test of `llama-bench -o json`; fields by llama.cpp's tools/llama-bench (get_fields and print_test). */
const TestSchema = z.looseObject({
  build_commit: z.string(),
  build_number: z.int(),
  cpu_info: z.string().default(''),
  gpu_info: z.string().default(''),
  model_filename: z.string(),
  n_prompt: count,
  n_gen: count,
  n_depth: count.default(0),
  test_time: z.iso.datetime(),
  samples_ns: z.array(z.number()).default([]),
  samples_ts: z.array(z.number().positive()).min(1),
});
type Test = z.infer<typeof TestSchema>;

/** What a test is and what came of it; all other fields are the parameters of the engine. */
const NOT_PARAMETERS = new Set([
  ...['build_commit', 'build_number', 'cpu_info', 'gpu_info', 'backends'],
  ...['model_filename', 'model_type', 'model_size', 'model_n_params'],
  ...['n_prompt', 'n_gen', 'n_depth', 'test_time'],
  ...['avg_ns', 'stddev_ns', 'avg_ts', 'stddev_ts', 'samples_ns', 'samples_ts'],
]);

export interface LlamaBench {
  startedAt: string;
  endedAt: string;
  facts: Pick<Fingerprint, 'file' | 'engineBuild' | 'command'> & { gpus: string[] };
  /** `pp512 tg0 d0 c1` with hostPromptTps, `pp0 tg128 d0 c1` with hostGenTps: the engine alone, without its server. */
  cells: Cell[];
  /** Tests of prompt and answer together (`-pg`): their one speed is of both, and no figure here. */
  leftOut: number;
}

/**
 * Reads what `llama-bench -o json` printed.
 * @throws {MeasureError} `bad_suite` when it is something else, or tests of several models or parameters
 */
export function readLlamaBench(text: string): LlamaBench {
  const tests = testsOf(text);
  const [first] = tests;
  if (!first) throw new MeasureError('bad_suite', 'There is no test in it.');
  const differing = Object.keys(first).filter(
    (key) =>
      (key === 'model_filename' || !NOT_PARAMETERS.has(key)) &&
      tests.some((test) => JSON.stringify(test[key]) !== JSON.stringify(first[key])),
  );
  if (differing.length > 0)
    throw new MeasureError(
      'bad_suite',
      `Its tests differ in ${differing.join(', ')}: what is compared has to be measured alike. Import each of them apart.`,
    );
  const pure = tests.filter(({ n_prompt: prompt, n_gen: gen }) => prompt > 0 !== gen > 0);
  const cells = new Map<string, { test: Test; speeds: number[] }>();
  for (const test of pure) {
    const name = cellName(specOf(test));
    cells.set(name, { test, speeds: [...(cells.get(name)?.speeds ?? []), ...test.samples_ts] });
  }
  const startedMs = tests.map(({ test_time: at }) => Date.parse(at));
  const endedMs = tests.map(
    ({ test_time: at, samples_ns: ns }) => Date.parse(at) + ns.reduce((sum, each) => sum + each, 0) / 1e6,
  );
  return {
    startedAt: new Date(Math.min(...startedMs)).toISOString(),
    endedAt: new Date(Math.max(...endedMs)).toISOString(),
    facts: factsOf(first),
    cells: [...cells.values()].map(({ test, speeds }) => cellOf(test, speeds)),
    leftOut: tests.length - pure.length,
  };
}

function testsOf(text: string): Test[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new MeasureError('bad_suite', 'That is no JSON. llama-bench prints JSON with -o json.');
  }
  const parsed = z.array(TestSchema).safeParse(json);
  if (!parsed.success)
    throw new MeasureError(
      'bad_suite',
      `That is not what llama-bench -o json prints.\n${z.prettifyError(parsed.error)}`,
    );
  return parsed.data;
}

function factsOf(test: Test): LlamaBench['facts'] {
  const parameters = Object.entries(test).flatMap(([key, value]) =>
    NOT_PARAMETERS.has(key) || !scalar.safeParse(value).success ? [] : [`${key}=${String(value)}`],
  );
  return {
    file: test.model_filename.split(/[\\/]/).at(-1) ?? null,
    engineBuild: `b${test.build_number}-${test.build_commit}`,
    command: `llama-bench ${parameters.join(' ')}`,
    gpus: test.gpu_info === '' ? [test.cpu_info].filter((name) => name !== '') : [test.gpu_info],
  };
}

function specOf({ n_prompt: promptTokens, n_gen: outputTokens, n_depth: depth }: Test): Cell['spec'] {
  return { promptTokens, outputTokens, depth, load: { kind: 'closed', concurrency: 1 } };
}

function cellOf(test: Test, speeds: readonly number[]): Cell {
  const spec = specOf(test);
  const interval = medianInterval(speeds, seeded(1));
  const summary: Summary = {
    n: speeds.length,
    median: median(speeds) ?? 0,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    p95: percentile(speeds, 95),
    p99: percentile(speeds, 99),
    min: Math.min(...speeds),
    max: Math.max(...speeds),
    repetitions: [...speeds],
  };
  return {
    name: cellName(spec),
    spec,
    state: 'measured',
    reason: null,
    warmups: 0,
    requests: { asked: speeds.length, ok: speeds.length, errors: 0, incomplete: 0, aborted: 0 },
    figures: spec.promptTokens > 0 ? { hostPromptTps: summary } : { hostGenTps: summary },
    pollution: [],
  };
}
