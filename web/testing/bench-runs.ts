import type {
  BenchCell,
  BenchRun,
  BenchRunDetail,
  BenchRunState,
  Sample,
  Suite,
} from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { atOnce, emptyCell, measuredCell, PRESET_SUITES, samplesOf, specsOf } from './bench-cells.js';
import { pick, randomOf } from './random.js';

/** A run with all that the service keeps of it. */
export interface MadeRun extends Omit<BenchRunDetail, 'comparison'> {
  samples: Sample[];
  /** Tokens a second that its host writes alone. */
  speed: number;
}

export const runId = (n: number): string => `0199f9c0-5b1e-4d6a-8c3f-${String(n).padStart(12, '0')}`;

interface Wanted {
  n: number;
  suite: Suite;
  providerId: string;
  model: string;
  createdMs: number;
  state?: BenchRunState;
  speed?: number;
  build?: string;
  scheduleId?: string | null;
  source?: string;
}

/** Not begun: every cell waits. */
export function queuedRun(wanted: Wanted): MadeRun {
  const { n, suite, providerId, model, createdMs, speed = 48, build = 'b11669' } = wanted;
  const { repetitions } = suite;
  const cells = specsOf(suite).map((spec, i) => emptyCell(i, spec, repetitions * atOnce(spec)));
  const run: BenchRun = {
    id: runId(n),
    launch: runId(900_000 + n),
    version: 1,
    kind: 'measured',
    suiteName: suite.name,
    suiteHash: hashOf(suite),
    providerId,
    model,
    state: 'queued',
    reason: null,
    source: wanted.source ?? 'cockpit',
    scheduleId: wanted.scheduleId ?? null,
    createdAt: instantFromMs(createdMs),
    startedAt: null,
    endedAt: null,
    seed: 1_000 + n,
    cellsDone: 0,
    cellsTotal: cells.length,
    contaminated: 0,
    polluted: 0,
    regressed: null,
    headline: {},
    loadMs: null,
    engineBuild: build,
  };
  return {
    run,
    suite,
    fingerprint: null,
    calibration: null,
    cells,
    saturation: [],
    rates: [],
    samples: [],
    speed,
  };
}

/** Of the name too, so that two suites of this fixture are never the same. */
export const hashOf = (suite: Suite): string => {
  let hash = 2_166_136_261;
  for (const char of JSON.stringify(suite)) hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619);
  return (hash >>> 0).toString(16).padStart(8, '0').repeat(2);
};

export function begin(made: MadeRun, nowMs: number): void {
  made.run = {
    ...made.run,
    state: 'running',
    version: made.run.version + 1,
    startedAt: instantFromMs(nowMs),
  };
  made.fingerprint = {
    host: `http://${made.run.providerId}.lan:8080`,
    hostKind: 'llama-swap',
    hostVersion: 'v250',
    model: made.run.model,
    file: `${made.run.model}.gguf`,
    command: `llama-server --model /models/${made.run.model}.gguf --ctx-size 65536 --parallel 8 --flash-attn on`,
    engineBuild: made.run.engineBuild,
    contextTokens: 8_192,
    slots: 8,
    otherModels: [],
    endpoint: made.suite.endpoint,
    sampling: made.suite.sampling,
    suite: made.run.suiteHash,
    gpus: ['NVIDIA GeForce RTX 5090, driver 580.65, 575 W'],
  };
  made.calibration = { method: 'tokenizer', templateTokens: 12, tokensPerWord: 1.31 };
}

const isDone = ({ state }: BenchCell): boolean => state !== 'waiting' && state !== 'running';

/** What the run says of its cells. */
export function recount(made: MadeRun): void {
  const { cells, run } = made;
  const clean = cells.find(
    ({ state, contamination, pollution }) =>
      state === 'measured' && contamination.length === 0 && pollution.length === 0,
  );
  const shown = (clean ?? cells.find(({ state }) => state === 'measured'))?.figures;
  made.run = {
    ...run,
    version: run.version + 1,
    cellsDone: cells.filter(isDone).length,
    contaminated: cells.filter(({ contamination }) => contamination.length > 0).length,
    polluted: cells.filter(({ pollution }) => pollution.length > 0).length,
    headline:
      shown?.ttftMs && shown.genTps
        ? {
            ttftMs: shown.ttftMs.median,
            genTps: shown.genTps.median,
            tokensPerS: shown.tokensPerS?.median ?? 0,
          }
        : {},
  };
}

export function measureCell(made: MadeRun, index: number): void {
  const { repetitions } = made.suite;
  const cell = made.cells[index];
  if (!cell) return;
  const samples = samplesOf(index, cell.spec, repetitions, made.speed, made.run.seed + cell.attempt);
  made.samples = [...made.samples.filter((sample) => sample.cell !== index), ...samples];
  made.cells[index] = measuredCell(cell, samples, repetitions, Date.parse(made.run.startedAt ?? ''));
  recount(made);
}

export function contaminate(made: MadeRun, index: number, what: string, nowMs: number): void {
  const cell = made.cells[index];
  if (!cell) return;
  made.cells[index] = {
    ...cell,
    contamination: [{ kind: 'foreign_request', at: instantFromMs(nowMs), what }],
  };
  recount(made);
}

export function end(made: MadeRun, state: BenchRunState, nowMs: number): void {
  made.run = {
    ...made.run,
    state,
    version: made.run.version + 1,
    endedAt: instantFromMs(nowMs),
    regressed: made.run.regressed ?? 0,
  };
}

/** A run that has ended, whole. */
export function endedRun(wanted: Wanted): MadeRun {
  const made = queuedRun(wanted);
  begin(made, wanted.createdMs + 2_000);
  made.cells.forEach((_, i) => measureCell(made, i));
  end(made, wanted.state ?? 'succeeded', wanted.createdMs + 2_000 + made.cells.length * 20_000);
  return made;
}

const suiteNamed = (name: string): Suite => {
  const found = PRESET_SUITES.find((suite) => suite.name === name);
  if (!found) throw new Error(`no suite ${name}`);
  return found;
};

const PLACES = [
  { providerId: 'tower', model: 'qwen3-32b-Q4_K_M', speed: 61 },
  { providerId: 'workstation', model: 'qwen3-coder-30b-a3b-UD-Q4_K_XL', speed: 118 },
  { providerId: 'mac-studio', model: 'llama-3.3-70b-IQ2_XXS', speed: 14 },
  { providerId: 'tower', model: 'phi-4-Q8_0', speed: 88 },
  { providerId: 'mac-studio', model: 'qwen3-32b-Q4_K_M', speed: 24 },
] as const;
const BUILDS = ['b10980', 'b11234', 'b11480', 'b11669'];
const DAY_MS = 86_400_000;

/** One run of a host, whole and clean. */
export const oneRun = (nowMs: number): MadeRun[] => [
  endedRun({ n: 1, suite: suiteNamed('users'), ...PLACES[0], createdMs: nowMs - 3_600_000 }),
];

/** As `count` runs over 90 days would be: builds that come and go, some that failed, some that were touched. */
export function manyRuns(count: number, nowMs: number): MadeRun[] {
  const random = randomOf(11);
  return Array.from({ length: count }, (_, i) => {
    const n = count - i;
    const ageMs = ((90 * DAY_MS) / count) * (i + 0.4);
    const place = pick(random, PLACES);
    const at = Math.min(BUILDS.length - 1, Math.floor((1 - ageMs / (90 * DAY_MS)) * BUILDS.length));
    const made = endedRun({
      n,
      suite: suiteNamed(i % 3 === 0 ? 'users' : i % 3 === 1 ? 'quick' : 'chat'),
      providerId: place.providerId,
      model: place.model,
      createdMs: nowMs - ageMs,
      // The third build was slower.
      speed: place.speed * (at === 2 ? 0.82 : 1 + 0.03 * at) * (0.97 + 0.06 * random()),
      build: BUILDS[at] ?? '',
    });
    const luck = random();
    if (luck > 0.97) {
      end(made, 'failed', nowMs - ageMs);
      made.run = {
        ...made.run,
        reason: { code: 'host_lost', message: `${place.providerId} no longer answered.` },
      };
    } else if (luck > 0.94) end(made, 'cancelled', nowMs - ageMs);
    else if (luck > 0.85) contaminate(made, 1, 'opencode asked qwen3-32b-Q4_K_M', nowMs - ageMs);
    else if (luck > 0.8) {
      const cell = made.cells[0];
      if (cell) made.cells[0] = { ...cell, pollution: [{ reason: 'cached', samples: 2 }] };
      recount(made);
    }
    if (at === 2 && luck < 0.3) made.run = { ...made.run, regressed: 3 };
    return made;
  });
}
