import {
  FingerprintSchema,
  SuiteSchema,
  type BenchRun,
  type BenchTarget,
  type Cell,
  type FigureKey,
  type Fingerprint,
  type Problem,
  type Suite,
} from '@boocontrol/contracts';
import { readLlamaBench, suiteHash } from '@boocontrol/measure';

/** What imported runs are called, as their suite. */
export const IMPORTED = 'llama-bench import';

/** A run as llama-bench measured it. */
export interface Imported {
  startedAt: string;
  endedAt: string;
  suite: Suite;
  suiteHash: string;
  fingerprint: Fingerprint;
  reason: Problem | null;
  headline: BenchRun['headline'];
  cells: readonly Cell[];
}

const FIGURES: readonly FigureKey[] = ['hostPromptTps', 'hostGenTps'];
/** Of each, so that the suite has no more than 1,000 combinations. */
const MOST_LENGTHS = 10;

/**
 * @param host address of the host that the figures are of
 * @throws {MeasureError} `bad_suite` when it is not what llama-bench -o json prints, or tests of several models
 */
export function importedRun(output: string, { model }: BenchTarget, host: string): Imported | null {
  const { startedAt, endedAt, facts, cells, leftOut } = readLlamaBench(output);
  if (cells.length === 0) return null;
  const suite = suiteOf(cells);
  const hash = suiteHash(suite);
  const fingerprint = FingerprintSchema.parse({
    host,
    hostKind: 'llama.cpp',
    hostVersion: null,
    model,
    ...facts,
    contextTokens: null,
    slots: null,
    otherModels: [],
    endpoint: 'completions',
    sampling: {},
    suite: hash,
  } satisfies Fingerprint);
  const headline = FIGURES.flatMap((key) => {
    const found = cells.find(({ figures }) => figures[key])?.figures[key];
    return found ? [[key, found.median] as const] : [];
  });
  return {
    ...{ startedAt, endedAt, suite, suiteHash: hash, fingerprint, cells },
    headline: Object.fromEntries(headline),
    reason: leftOut === 0 ? null : { code: 'left_out', message: wordsOf(leftOut) },
  };
}

const wordsOf = (leftOut: number): string =>
  `${leftOut} of its tests were of prompt and answer together (-pg): their one speed is of both, and no figure here.`;

/** What comes nearest to it as a suite: engine alone, one at a time. */
function suiteOf(cells: readonly Cell[]): Suite {
  const lengths = (of: 'promptTokens' | 'outputTokens'): number[] => {
    const found = [...new Set(cells.map(({ spec }) => spec[of]).filter((tokens) => tokens > 0))];
    return found.length === 0 ? [1] : found.slice(0, MOST_LENGTHS);
  };
  return SuiteSchema.parse({
    name: IMPORTED,
    description: 'What llama-bench has measured: the engine alone, without its server',
    endpoint: 'completions',
    promptTokens: lengths('promptTokens'),
    outputTokens: lengths('outputTokens'),
    depth: [...new Set(cells.map(({ spec }) => spec.depth))].slice(0, MOST_LENGTHS),
    repetitions: Math.max(...cells.map(({ requests }) => requests.ok)),
  });
}
