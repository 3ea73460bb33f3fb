import {
  SuiteSchema,
  type BenchCell,
  type CellSpec,
  type Figures,
  type Sample,
  type Suite,
  type SuiteInput,
  type Summary,
} from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { randomOf } from './random.js';

const PRESETS: readonly SuiteInput[] = [
  {
    name: 'quick',
    description: 'A quick look: two prompt lengths, alone and four at once, two minutes at most',
    promptTokens: [128, 1_024],
    outputTokens: [64],
    load: { kind: 'closed', concurrency: [1, 4] },
    stop: { maxS: 120 },
  },
  {
    name: 'llama-bench',
    description: 'In the style of llama-bench: pp512 and tg128, at depth 0 and 4096, without a chat template',
    endpoint: 'completions',
    promptTokens: [512],
    outputTokens: [128],
    depth: [0, 4_096],
  },
  {
    name: 'chat',
    description: 'A conversation: prompts of some length, answers of a screen, one to four people',
    promptTokens: [400],
    outputTokens: [200],
    load: { kind: 'closed', concurrency: [1, 2, 4] },
    slo: { ttftMs: 2_000, tpotMs: 100 },
  },
  {
    name: 'coding-agent',
    description: 'A coding agent: 8,000 tokens that the cache has, 1,000 new ones, a short answer',
    promptTokens: [1_000],
    outputTokens: [150],
    depth: [8_000],
  },
  {
    name: 'users',
    description: 'How many users: more and more at once, until more of them gain nothing',
    promptTokens: [400, 2_000],
    outputTokens: [100],
    load: { kind: 'closed', concurrency: [1, 2, 4, 8, 16] },
    slo: { ttftMs: 2_000, tpotMs: 100 },
    stop: { saturation: true },
  },
];
export const PRESET_SUITES: readonly Suite[] = PRESETS.map((suite) => SuiteSchema.parse(suite));

/** The cells of a closed or open load, as the engine has them. */
export function specsOf({ promptTokens, outputTokens, depth, load }: Suite): CellSpec[] {
  const loads: CellSpec['load'][] =
    load.kind === 'closed'
      ? load.concurrency.map((concurrency) => ({ kind: 'closed', concurrency }))
      : load.kind === 'open'
        ? load.ratePerS.map((ratePerS) => ({
            kind: 'open',
            ratePerS,
            arrivals: load.arrivals,
            requests: load.requests,
          }))
        : load.kind === 'replay'
          ? [{ kind: 'replay', requests: load.requests, speed: load.speed }]
          : [{ kind: 'open', ratePerS: load.fromPerS, arrivals: load.arrivals, requests: load.requests }];
  return promptTokens.flatMap((prompt) =>
    outputTokens.flatMap((output) =>
      depth.flatMap((before) =>
        loads.map((each) => ({ promptTokens: prompt, outputTokens: output, depth: before, load: each })),
      ),
    ),
  );
}

export function nameOf({ promptTokens, outputTokens, depth, load }: CellSpec): string {
  const how =
    load.kind === 'closed'
      ? `c${load.concurrency}`
      : load.kind === 'open'
        ? `${load.ratePerS}/s ${load.arrivals}`
        : `replay x${load.speed}`;
  return `pp${promptTokens} tg${outputTokens} d${depth} ${how}`;
}

export const atOnce = ({ load }: CellSpec): number =>
  load.kind === 'closed' ? load.concurrency : load.kind === 'open' ? Math.ceil(load.ratePerS) : 4;

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;

/** As the statistics of the engine would say it, near enough for a picture. */
export function summaryOf(values: readonly number[], repetitions: number): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const median = quantile(sorted, 0.5);
  const half = ((quantile(sorted, 0.75) - quantile(sorted, 0.25)) / Math.sqrt(sorted.length)) * 1.6;
  const each = Math.ceil(values.length / repetitions);
  return {
    n: values.length,
    median,
    low: values.length > 1 ? Math.max(sorted[0] ?? 0, median - half) : null,
    high: values.length > 1 ? Math.min(sorted.at(-1) ?? 0, median + half) : null,
    p95: values.length >= 20 ? quantile(sorted, 0.95) : null,
    p99: values.length >= 100 ? quantile(sorted, 0.99) : null,
    min: sorted[0] ?? 0,
    max: sorted.at(-1) ?? 0,
    repetitions: Array.from({ length: repetitions }, (_, i) =>
      quantile(
        values.slice(i * each, (i + 1) * each).toSorted((a, b) => a - b),
        0.5,
      ),
    ),
  };
}

/** Every request of a cell on a host that writes `speed` tokens a second alone. */
export function samplesOf(
  cell: number,
  spec: CellSpec,
  repetitions: number,
  speed: number,
  seed: number,
): Sample[] {
  const random = randomOf(seed * 131 + cell);
  const n = atOnce(spec);
  const noise = (): number => 1 + (random() - 0.5) * 0.08 + (random() > 0.97 ? 0.6 * random() : 0);
  return Array.from({ length: repetitions * n }, (_, i) => {
    const tpotMs = (1_000 / speed) * (1 + 0.16 * (n - 1)) * noise();
    const ttftMs = (35 + spec.promptTokens / 2.4 + spec.depth / 60) * (1 + 0.22 * (n - 1)) * noise();
    const outputTokens = spec.outputTokens;
    return {
      cell,
      repetition: Math.floor(i / n),
      startMs: cell * 20_000 + Math.floor(i / n) * 3_000,
      lagMs: 0.2 * random(),
      answerId: `chatcmpl-${cell}-${i}`,
      status: 'ok',
      httpStatus: 200,
      error: null,
      ttfbMs: ttftMs - 2,
      ttftMs,
      ttftReasoningMs: null,
      ttftContentMs: ttftMs,
      e2eMs: ttftMs + tpotMs * (outputTokens - 1),
      gapsMs: [],
      tpotMs,
      promptTokens: spec.promptTokens,
      outputTokens,
      cacheTokens: spec.depth,
      draftTokens: null,
      draftAccepted: null,
      hostGenTps: (1_000 / tpotMs) * 1.01,
      hostPromptTps: (spec.promptTokens / ttftMs) * 1_080,
      finishReason: 'length',
      pollution: [],
    };
  });
}

export function figuresOf(spec: CellSpec, samples: readonly Sample[], repetitions: number): Figures {
  const of = (value: (sample: Sample) => number | null): Summary =>
    summaryOf(
      samples.flatMap((sample) => value(sample) ?? []),
      repetitions,
    );
  const n = atOnce(spec);
  const genTps = of(({ tpotMs }) => (tpotMs === null ? null : 1_000 / tpotMs));
  const scaled = (by: number): Summary => ({
    ...genTps,
    n: repetitions,
    median: genTps.median * by,
    low: genTps.low === null ? null : genTps.low * by,
    high: genTps.high === null ? null : genTps.high * by,
    min: genTps.min * by,
    max: genTps.max * by,
    p95: null,
    p99: null,
    repetitions: genTps.repetitions.map((each) => each * by),
  });
  return {
    ttfbMs: of(({ ttfbMs }) => ttfbMs),
    ttftMs: of(({ ttftMs }) => ttftMs),
    ttftContentMs: of(({ ttftContentMs }) => ttftContentMs),
    tpotMs: of(({ tpotMs }) => tpotMs),
    genTps,
    hostGenTps: of(({ hostGenTps }) => hostGenTps),
    promptTps: of(({ ttftMs }) => (ttftMs === null ? null : (1_000 * spec.promptTokens) / ttftMs)),
    e2eMs: of(({ e2eMs }) => e2eMs),
    lagMs: of(({ lagMs }) => lagMs),
    promptTokens: of(({ promptTokens }) => promptTokens),
    outputTokens: of(({ outputTokens }) => outputTokens),
    tokensPerS: scaled(n * 0.93),
    requestsPerS: scaled((n * 0.93) / spec.outputTokens),
  };
}

export const emptyCell = (index: number, spec: CellSpec, asked: number): BenchCell => ({
  index,
  name: nameOf(spec),
  spec,
  state: 'waiting',
  reason: null,
  attempt: 0,
  startedAt: null,
  endedAt: null,
  warmups: 0,
  requests: { asked, ok: 0, errors: 0, incomplete: 0, aborted: 0 },
  figures: {},
  pollution: [],
  contamination: [],
});

export const measuredCell = (
  cell: BenchCell,
  samples: readonly Sample[],
  repetitions: number,
  beganMs: number,
): BenchCell => ({
  ...cell,
  state: 'measured',
  attempt: Math.max(1, cell.attempt),
  startedAt: instantFromMs(beganMs + cell.index * 20_000),
  endedAt: instantFromMs(beganMs + cell.index * 20_000 + 18_000),
  warmups: 2,
  requests: { ...cell.requests, ok: samples.length },
  figures: figuresOf(cell.spec, samples, repetitions),
  contamination: [],
});
