import type { CellLoad, CellSpec, Sample, Suite } from '@boocontrol/contracts';
import type { Clock } from '../clock.js';
import { drive } from '../load/shapes.js';
import type { CellPrompts } from '../prompts/cell-prompts.js';
import { median } from '../stats/percentile.js';
import { seeded } from '../stats/random.js';
import { requestsOf } from '../suite/cells.js';
import type { Host } from '../wire/host.js';
import { bodyOf, pathOf } from './request.js';
import { sampleOf } from './sample.js';

export interface CellRun {
  host: Host;
  model: string;
  suite: Suite;
  spec: CellSpec;
  index: number;
  prompts: CellPrompts;
  runStartedMs: number;
  clock: Clock;
  seed: number;
  signal: AbortSignal | undefined;
  /** Asked before each request: why the run is over; null: it is not. */
  over: () => string | null;
  onSample: (sample: Sample, isWarmup: boolean) => void;
}

/** Rounds of warm-up at most, and how close two in a row have to be, as a part of 1. */
const MAX_ROUNDS = 10;
const STABLE = 0.05;

/** Requests that are in no figure: at least as many as the suite says, of which each really is sent. */
export async function warmUp(run: CellRun): Promise<Sample[]> {
  const { suite, spec, prompts } = run;
  const { requests, until } = suite.warmup;
  const lanes = spec.load.kind === 'closed' ? spec.load.concurrency : 1;
  const load: CellLoad = { kind: 'closed', concurrency: lanes };
  const all: Sample[] = [];
  if (prompts.prime !== null) all.push(...(await sendAll(run, load, repeat(prompts.prime, lanes), true)));
  let before: number | null = null;
  for (let round = 0; round < MAX_ROUNDS || round < requests; round += 1) {
    if (run.over() !== null) return all;
    const texts = await textsOf(prompts, lanes);
    const samples = await sendAll(run, load, texts, true);
    all.push(...samples);
    const speed = median(samples.flatMap(({ status, tpotMs }) => (status === 'ok' ? (tpotMs ?? []) : [])));
    const isStable = speed === null || (before !== null && Math.abs(speed / before - 1) < STABLE);
    before = speed;
    if (round + 1 >= requests && (until === 'count' || isStable)) return all;
  }
  return all;
}

/** What is measured. Its texts are made before the first is sent, so that making them costs no time meanwhile. */
export async function measureCell(run: CellRun): Promise<Sample[]> {
  const { suite, spec, prompts } = run;
  return sendAll(run, spec.load, await textsOf(prompts, requestsOf(spec, suite.repetitions)), false);
}

async function textsOf(prompts: CellPrompts, count: number): Promise<string[]> {
  const texts: string[] = [];
  for (let made = 0; made < count; made += 1) texts.push(await prompts.next());
  return texts;
}

async function sendAll(
  run: CellRun,
  load: CellLoad,
  texts: readonly string[],
  isWarmup: boolean,
): Promise<Sample[]> {
  const { host, model, suite, spec, prompts, clock, signal, index: cell } = run;
  const { outputTokens } = spec;
  const perRepetition = requestsOf(spec, 1);
  const bodies = texts.map((text) =>
    bodyOf({ kind: host.kind, model, suite, text, outputTokens, useCache: prompts.useCache }),
  );
  const samples: Sample[] = [];
  await drive(load, {
    clock,
    signal,
    count: bodies.length,
    random: seeded(run.seed + cell),
    isOver: () => run.over() !== null,
    send: async (index, intendedMs) => {
      const answer = await host.http.send(pathOf(suite), bodies[index] ?? '', intendedMs, signal);
      const sample = sampleOf(answer, {
        cell,
        repetition: Math.floor(index / perRepetition),
        runStartedMs: run.runStartedMs,
        promptTokens: spec.depth + spec.promptTokens,
        outputTokens: host.kind !== 'openai' && suite.ignoreEos ? outputTokens : null,
        cached: prompts.cached,
      });
      samples.push(sample);
      run.onSample(sample, isWarmup);
    },
  });
  return samples;
}

function repeat(text: string, times: number): string[] {
  return Array.from({ length: times }, () => text);
}
