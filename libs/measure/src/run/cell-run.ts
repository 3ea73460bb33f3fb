import type { CellLoad, CellSpec, Sample, Suite } from '@boocontrol/contracts';
import type { Clock } from '../clock.js';
import { drive } from '../load/shapes.js';
import type { CellPrompts, Purpose } from '../prompts/cell-prompts.js';
import { median } from '../stats/percentile.js';
import { derived } from '../stats/random.js';
import { lengthsOf, requestsOf } from '../suite/cells.js';
import type { Host } from '../wire/host.js';
import { bodyOf, pathOf } from './request.js';
import { sampleOf } from './sample.js';
import { turns } from './turns.js';

export interface CellRun {
  host: Host;
  model: string;
  suite: Suite;
  spec: CellSpec;
  index: number;
  prompts: CellPrompts;
  /** From here the samples count their times. */
  zeroMs: number;
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

/** A request before it is sent. */
interface Planned {
  text: string;
  promptTokens: number;
  outputTokens: number;
}

/** Requests that are in no figure: at least as many as the suite says, of which each really is sent. */
export async function warmUp(run: CellRun): Promise<Sample[]> {
  const { suite, spec, prompts } = run;
  const { requests, until } = suite.warmup;
  const lanes = spec.load.kind === 'closed' ? spec.load.concurrency : 1;
  const load: CellLoad = { kind: 'closed', concurrency: lanes };
  const all: Sample[] = [];
  if (prompts.prime !== null) {
    const primes = Array.from({ length: lanes }, () => ({ ...spec, text: prompts.prime ?? '' }));
    all.push(...(await sendAll(run, load, primes, true)));
  }
  let before: number | null = null;
  for (let round = 0; round < MAX_ROUNDS || round < requests; round += 1) {
    const planned = await plan(run, 'warmup', round * lanes, lanes);
    if (run.over() !== null) return all;
    const samples = await sendAll(run, load, planned, true);
    all.push(...samples);
    const pace = median(
      samples.flatMap(({ status, tpotMs, e2eMs }) => (status === 'ok' ? (tpotMs ?? e2eMs ?? []) : [])),
    );
    const isStable = pace === null || (before !== null && Math.abs(pace / before - 1) < STABLE);
    before = pace;
    if (round + 1 >= requests && (until === 'count' || isStable)) return all;
  }
  return all;
}

/** What is measured. Its texts are made before the first is sent, so that making them costs no time meanwhile. */
export async function measured(run: CellRun): Promise<Sample[]> {
  const { suite, spec } = run;
  return sendAll(run, spec.load, await plan(run, 'measured', 0, requestsOf(spec, suite.repetitions)), false);
}

/** Fewer than asked for only where the run is over meanwhile. */
async function plan(
  { prompts, spec, over }: CellRun,
  purpose: Purpose,
  from: number,
  count: number,
): Promise<Planned[]> {
  const planned: Planned[] = [];
  for (let at = from; at < from + count && over() === null; at += 1) {
    const { promptTokens, outputTokens } = purpose === 'measured' ? lengthsOf(spec, at) : spec;
    // Recorded traffic of another model may be shorter than this one's template: then its length is told as not kept.
    const tokens = spec.load.kind === 'replay' ? Math.max(promptTokens, prompts.least) : promptTokens;
    planned.push({ promptTokens, outputTokens, text: await prompts.text(purpose, at, tokens) });
  }
  return planned;
}

async function sendAll(
  run: CellRun,
  load: CellLoad,
  planned: readonly Planned[],
  isWarmup: boolean,
): Promise<Sample[]> {
  const { host, model, suite, spec, prompts, clock, signal, index: cell } = run;
  const perRepetition = requestsOf(spec, 1);
  const bodies = planned.map(({ text, outputTokens }) =>
    bodyOf({ kind: host.kind, model, suite, text, outputTokens, useCache: prompts.useCache }),
  );
  const samples: Sample[] = [];
  const turn = turns();
  await drive(load, {
    clock,
    signal,
    count: bodies.length,
    random: derived(run.seed, cell, 'arrivals'),
    isOver: () => run.over() !== null,
    send: async (index, intendedMs) => {
      const answer = await host.http.send(pathOf(suite), bodies[index] ?? '', intendedMs, signal);
      await turn();
      const { promptTokens, outputTokens } = planned[index] ?? spec;
      const sample = sampleOf(answer, {
        cell,
        repetition: Math.floor(index / perRepetition),
        runStartedMs: run.zeroMs,
        stream: suite.stream,
        promptTokens: spec.depth + promptTokens,
        outputTokens: host.kind !== 'openai' && suite.ignoreEos ? outputTokens : null,
        cached: prompts.cached(promptTokens),
      });
      samples.push(sample);
      run.onSample(sample, isWarmup);
    },
  });
  return samples;
}
