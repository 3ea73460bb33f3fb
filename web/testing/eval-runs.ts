import type {
  EvalItem,
  EvalItemResult,
  EvalOutcome,
  EvalRun,
  EvalRunDetail,
  EvalSampleHead,
  EvalScore,
  EvalSuite,
  JobState,
  Problem,
} from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { BUILTIN_EVALS } from './eval-suites.js';
import { randomOf } from './random.js';

/** A made-up run with all that is kept of it. */
export interface MadeEval extends Omit<EvalRunDetail, 'nextCursor'> {
  suite: EvalSuite;
  samples: EvalSampleHead[];
  regraded: Map<string, { at: string; was: EvalOutcome }>;
  /** Tokens a second that its host writes. */
  tps: number;
}

export const evalId = (n: number): string => `0199fa11-5b1e-4d6a-8c3f-${String(n).padStart(12, '0')}`;
export const sampleKey = (item: string, sample: number): string => `${item}:${sample}`;

/** Of what a suite asks; its name and words are no part of it. */
export const evalHash = ({ items, sampler, samples, name }: EvalSuite): string => {
  let hash = 2_166_136_261;
  for (const char of JSON.stringify([name, items, sampler, samples]))
    hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619);
  return (hash >>> 0).toString(16).padStart(8, '0').repeat(2);
};

export interface WantedEval {
  n: number;
  suite: EvalSuite;
  providerId: string;
  model: string;
  createdMs: number;
  k?: number;
  items?: readonly string[];
  /** Chance that a sample passes. */
  skill?: number;
  tps?: number;
  build?: string;
  concurrency?: number;
  sampler?: Partial<EvalSuite['sampler']>;
}

const quantOf = (model: string): string | null => /(?:UD-)?(I?Q\d\w*|F16|mxfp4)$/i.exec(model)?.[1] ?? null;

const familyOf = ({ family }: EvalItem): string | null => family ?? null;

/** Not begun: every sample waits. */
export function queuedEval(wanted: WantedEval): MadeEval {
  const { n, suite, providerId, model, createdMs, k = suite.samples, tps = 40, build = 'b11669' } = wanted;
  const items = suite.items
    .filter(({ id }) => wanted.items === undefined || wanted.items.includes(id))
    .map((item): EvalItemResult => ({
      item: item.id,
      kind: item.kind,
      family: familyOf(item),
      difficulty: item.difficulty ?? null,
      retired: false,
      samples: Array.from({ length: k }, (_, sample) => ({
        sample,
        state: 'waiting',
        outcome: null,
        isContaminated: false,
      })),
    }));
  const run: EvalRun = {
    id: evalId(n),
    launch: evalId(900_000 + n),
    version: 1,
    suiteName: suite.name,
    suiteHash: evalHash(suite),
    suiteTitle: suite.title,
    category: suite.category,
    providerId,
    model,
    state: 'queued',
    reason: null,
    source: 'cockpit',
    createdAt: instantFromMs(createdMs),
    startedAt: null,
    endedAt: null,
    k,
    isWhole: items.length === suite.items.length,
    sampler: { ...suite.sampler, ...wanted.sampler },
    concurrency: wanted.concurrency ?? 1,
    done: 0,
    total: items.length * k,
    outcomes: {},
    score: null,
    speed: null,
    contaminated: 0,
    loadMs: null,
    engineBuild: build,
    quant: quantOf(model),
  };
  return { run, items, suite, samples: [], fingerprint: null, contamination: [], regraded: new Map(), tps };
}

export function beginEval(made: MadeEval, nowMs: number): void {
  const { run, suite } = made;
  made.run = { ...run, state: 'running', version: run.version + 1, startedAt: instantFromMs(nowMs) };
  made.fingerprint = {
    host: `http://${run.providerId}.lan:8080`,
    hostKind: 'llama-swap',
    hostVersion: 'v250',
    model: run.model,
    file: `${run.model}.gguf`,
    command: `llama-server --model /models/${run.model}.gguf --ctx-size 65536 --flash-attn on`,
    engineBuild: run.engineBuild,
    contextTokens: 65_536,
    slots: 4,
    otherModels: [],
    endpoint: 'chat',
    sampling: { temperature: suite.sampler.temperature, max_tokens: suite.sampler.maxTokens },
    suite: run.suiteHash,
    gpus: ['NVIDIA GeForce RTX 5090, driver 580.65, 575 W'],
  };
}

const COUNTS = new Set<EvalOutcome>(['passed', 'failed', 'timeout', 'oom', 'refused']);

/** Wilson's interval of a share, at 95 %. */
function wilson(mean: number, n: number): { mean: number; low: number; high: number } {
  const z = 1.96;
  const middle = (mean + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((mean * (1 - mean)) / n + (z * z) / (4 * n * n));
  return {
    mean,
    low: Math.min(mean, Math.max(0, middle - half)),
    high: Math.max(mean, Math.min(1, middle + half)),
  };
}

export function scoreOfItems(items: readonly EvalItemResult[], k: number): EvalScore | null {
  const outcomes = items
    .filter(({ retired }) => !retired)
    .map(({ family, item, samples }) => ({
      family: family ?? item,
      of: samples.flatMap(({ outcome }) => (outcome !== null && COUNTS.has(outcome) ? [outcome] : [])),
    }))
    .filter(({ of }) => of.length > 0);
  if (outcomes.length === 0) return null;
  const share = (is: (of: readonly EvalOutcome[]) => number): { mean: number; low: number; high: number } =>
    wilson(outcomes.reduce((sum, { of }) => sum + is(of), 0) / outcomes.length, outcomes.length);
  const passed = (of: readonly EvalOutcome[]): number => of.filter((each) => each === 'passed').length;
  const all = items.flatMap(({ samples }) => samples.flatMap(({ outcome }) => outcome ?? []));
  return {
    pass1: share((of) => passed(of) / of.length),
    passAtK: share((of) => Number(passed(of) > 0)),
    passHatK: share((of) => Number(passed(of) === of.length)),
    k,
    items: outcomes.length,
    families: new Set(outcomes.map(({ family }) => family)).size,
    samples: outcomes.reduce((sum, { of }) => sum + of.length, 0),
    left: all.filter((each) => !COUNTS.has(each)).length,
  };
}

/** What the run says of its samples. */
export function recountEval(made: MadeEval): void {
  const { run, items, samples, tps } = made;
  const outcomes: EvalRun['outcomes'] = {};
  for (const { outcome } of samples) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  made.run = {
    ...run,
    version: run.version + 1,
    done: samples.length,
    outcomes,
    score: scoreOfItems(items, run.k),
    speed:
      samples.length === 0
        ? null
        : { genTps: tps, ttftMs: Math.round(9_000 / tps), outputTokens: 412, concurrency: run.concurrency },
    contaminated: samples.filter(({ isContaminated }) => isContaminated).length,
  };
}

const REASON: Readonly<Partial<Record<EvalOutcome, Problem>>> = {
  failed: { code: 'wrong', message: '1 of 3 tests failed: joins two that overlap.' },
  timeout: { code: 'timeout', message: 'Its code was still running after 20 s.' },
  oom: { code: 'oom', message: 'Its code took more than 2 GB of memory.' },
  refused: { code: 'refused', message: 'The model would not: “I can’t help with that.”' },
  invalid: { code: 'context_too_small', message: 'The context of 32,768 tokens is smaller than the prompt.' },
  harness_error: { code: 'sandbox_lost', message: 'The sandbox could not be started.' },
};

/** A sample gets its outcome. @param foreign somebody else used the host meanwhile */
export function settleSample(
  made: MadeEval,
  item: string,
  sample: number,
  outcome: EvalOutcome,
  foreign = false,
): void {
  const found = made.items.find((each) => each.item === item);
  if (!found) throw new Error(`no item ${item}`);
  made.items = made.items.map((each) =>
    each === found
      ? {
          ...each,
          samples: each.samples.map((one) =>
            one.sample === sample ? { ...one, state: 'done', outcome, isContaminated: foreign } : one,
          ),
        }
      : each,
  );
  const n = made.samples.length;
  made.samples = [
    ...made.samples.filter((one) => one.item !== item || one.sample !== sample),
    {
      item,
      sample,
      kind: found.kind,
      outcome,
      reason: REASON[outcome] ?? null,
      at: instantFromMs(Date.parse(made.run.startedAt ?? made.run.createdAt) + n * 4_000),
      seed: 1_000 + n,
      promptTokens: 380 + 7 * (n % 30),
      outputTokens: 220 + 13 * (n % 40),
      ttftMs: Math.round(9_000 / made.tps) + (n % 9),
      e2eMs: Math.round((1_000 * (220 + 13 * (n % 40))) / made.tps),
      genTps: made.tps,
      finishReason: outcome === 'invalid' ? null : 'stop',
      isContaminated: foreign,
      answerStart: 'Here is the function with ranges that touch joined:',
    },
  ];
  if (foreign)
    made.contamination = [
      ...made.contamination,
      { kind: 'foreign_request', at: instantFromMs(Date.now()), what: 'opencode asked qwen3-32b-Q4_K_M' },
    ];
}

export function endEval(made: MadeEval, state: JobState, nowMs: number, reason: Problem | null = null): void {
  const { run } = made;
  made.run = { ...run, state, version: run.version + 1, endedAt: instantFromMs(nowMs), reason };
}

/** Chance decides, the same at every start. */
export function outcomeBy(random: () => number, skill: number, hard: number): EvalOutcome {
  if (random() < Math.min(0.99, Math.max(0.02, skill - hard))) return 'passed';
  const luck = random();
  if (luck < 0.05) return 'timeout';
  if (luck < 0.07) return 'oom';
  if (luck < 0.1) return 'refused';
  if (luck < 0.115) return 'harness_error';
  if (luck < 0.13) return 'invalid';
  return 'failed';
}

/** How much harder an item is; items of a family are alike. */
const HARD = { easy: -0.12, medium: 0, hard: 0.18 } as const;

/** A run that has ended, whole. @param upTo so many samples got their outcome; absent: all */
export function endedEval(wanted: WantedEval, upTo = Infinity): MadeEval {
  const made = queuedEval(wanted);
  const { skill = 0.7 } = wanted;
  const random = randomOf(wanted.n * 7_919);
  beginEval(made, wanted.createdMs + 3_000);
  for (const { item, difficulty, samples } of made.items)
    for (const { sample } of samples)
      if (made.samples.length < upTo)
        settleSample(made, item, sample, outcomeBy(random, skill, difficulty ? HARD[difficulty] : 0));
  recountEval(made);
  endEval(made, 'succeeded', wanted.createdMs + 3_000 + made.samples.length * 4_000);
  return made;
}

const suiteNamed = (name: string): EvalSuite => {
  const found = BUILTIN_EVALS.find((suite) => suite.name === name);
  if (!found) throw new Error(`no suite ${name}`);
  return found;
};

/** 20 models over six hosts: skill at coding, tokens a second. */
const PLACES = [
  ['tower', 'qwen3-32b-Q4_K_M', 0.71, 61],
  ['workstation', 'qwen3-coder-30b-a3b-UD-Q4_K_XL', 0.78, 118],
  ['mac-studio', 'llama-3.3-70b-IQ2_XXS', 0.55, 14],
  ['tower', 'phi-4-Q8_0', 0.52, 88],
  ['workstation', 'gpt-oss-20b-mxfp4', 0.66, 142],
  ['tower', 'mistral-small-24b-Q6_K', 0.58, 57],
  ['tower', 'devstral-24b-Q4_K_M', 0.69, 72],
  ['workstation', 'glm-4.5-air-Q3_K_M', 0.81, 31],
  ['mac-studio', 'qwen2.5-vl-7b-F16', 0.36, 64],
  ['tower', 'deepseek-r1-distill-14b-Q5_K_M', 0.49, 79],
  ['laptop', 'gemma-3-27b-it-Q5_K_S', 0.53, 22],
  ['mac-studio', 'devstral-24b-Q4_K_M', 0.68, 29],
  ['nas', 'gemma-3-4b-it-Q4_K_M', 0.24, 38],
  ['nas', 'llama-3.2-3b-Q6_K', 0.15, 44],
  ['laptop', 'qwen3-8b-Q4_K_M', 0.44, 35],
  ['embedder', 'qwen3-1.7b-Q8_0', 0.12, 71],
  ['mac-studio', 'gpt-oss-120b-mxfp4', 0.84, 27],
  ['workstation', 'mistral-nemo-12b-Q5_K_M', 0.33, 96],
  ['tower', 'qwen3-14b-Q5_K_M', 0.57, 93],
  ['mac-studio', 'command-r-35b-Q4_K_M', 0.41, 18],
  ['tower', 'a-model-with-a-name-that-is-much-longer-than-any-column-can-be-235b-a22b-UD-Q4_K_XL', 0.83, 9],
] as const;
const HOUR_MS = 3_600_000;

/** One run, whole and clean. */
export const oneEval = (nowMs: number): MadeEval[] => [
  endedEval({
    n: 1,
    suite: suiteNamed('agent-coding'),
    providerId: 'tower',
    model: 'qwen3-32b-Q4_K_M',
    skill: 0.71,
    tps: 61,
    createdMs: nowMs - HOUR_MS,
  }),
];

/** 50 runs of 20 models over six hosts, newest first: some failed, some touched by others, some of an old build. */
export function manyEvals(nowMs: number): MadeEval[] {
  const made: MadeEval[] = [];
  let n = 0;
  const add = (suite: string, count: number, change: number): void => {
    for (const [i, [providerId, model, skill, tps]] of PLACES.slice(0, count).entries()) {
      n += 1;
      made.push(
        endedEval({
          n,
          suite: suiteNamed(suite),
          providerId,
          model,
          skill: Math.min(0.97, skill + change),
          tps,
          createdMs: nowMs - (60 - n) * 3 * HOUR_MS,
          build: i % 7 === 3 ? 'b10980' : 'b11669',
          concurrency: i % 5 === 4 ? 4 : 1,
        }),
      );
    }
  };
  add('agent-coding', PLACES.length, 0);
  add('utility', 13, 0.16);
  add('tool-calls', 9, 0.08);
  add('long-context', 5, 0.05);
  const [failed, cancelled, touched] = [made.at(-1), made.at(-2), made[0]];
  if (failed) {
    endEval(failed, 'failed', nowMs - HOUR_MS, {
      code: 'host_lost',
      message: 'Workstation no longer answered.',
    });
    failed.samples = failed.samples.slice(0, 9);
    failed.items = failed.items.map((each, i) =>
      i < 9
        ? each
        : {
            ...each,
            samples: each.samples.map((one) => ({ ...one, state: 'waiting' as const, outcome: null })),
          },
    );
    recountEval(failed);
  }
  if (cancelled) endEval(cancelled, 'cancelled', nowMs - HOUR_MS);
  if (touched) {
    const [one, two] = touched.samples;
    if (one) settleSample(touched, one.item, one.sample, one.outcome, true);
    if (two) settleSample(touched, two.item, two.sample, two.outcome, true);
    recountEval(touched);
  }
  for (let i = 0; i < 2; i += 1) {
    n += 1;
    made.push(
      endedEval({
        n,
        suite: suiteNamed('agent-coding'),
        providerId: 'tower',
        model: 'qwen3-32b-Q4_K_M',
        skill: 0.66,
        tps: 58,
        createdMs: nowMs - (400 - i) * HOUR_MS,
        build: 'b10980',
      }),
    );
  }
  return made.toSorted((a, b) => (a.run.createdAt < b.run.createdAt ? 1 : -1));
}
