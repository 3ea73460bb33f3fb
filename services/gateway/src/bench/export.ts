import {
  ResultSchema,
  type BenchCell,
  type BenchRun,
  type BenchRunDetail,
  type BenchSamplesPageSchema,
  type Result,
  type Suite,
} from '@boocontrol/contracts';
import type { z } from 'zod';
import { ApiError } from '../http/errors.js';

/** All of a result but its samples, which are too many to be held. */
export type Summary = Omit<Result, 'samples'>;

/**
 * The file that `boocontrol bench --out` writes of the same run.
 * @throws {ApiError} `conflict` of a run that has not ended, or of which nothing is known
 */
export function resultOf({
  run,
  suite,
  fingerprint,
  calibration,
  cells,
  saturation,
  rates,
}: BenchRunDetail): Summary {
  const { startedAt, endedAt, reason } = run;
  if (endedAt === null) throw new ApiError('conflict', 'The run has not ended yet. Export it when it has.');
  if (startedAt === null || fingerprint === null)
    throw new ApiError('conflict', 'Nothing was measured in this run, so there is nothing to export.');
  return ResultSchema.omit({ samples: true }).parse({
    kind: 'boocontrol.bench',
    version: 1,
    runId: run.id,
    seed: run.seed,
    startedAt: toMillis(startedAt),
    clockMs: 0,
    endedAt: toMillis(endedAt),
    status: statusOf(run),
    reason: reason?.message ?? null,
    suite,
    fingerprint,
    loadMs: run.loadMs,
    calibration,
    cells: cells.map((cell) => cellOf(cell, suite)),
    saturation,
    ...(rates.length > 0 ? { rates } : {}),
  } satisfies Summary);
}

function statusOf({ state, reason }: BenchRun): Result['status'] {
  if (state !== 'succeeded') return 'interrupted';
  return reason === null ? 'complete' : 'stopped';
}

/** A cell of a replay may come without its requests, which are those of the suite. */
function cellOf(cell: BenchCell, { load }: Suite): Result['cells'][number] {
  const { name, spec, state, reason, warmups, requests, figures, pollution, contamination } = cell;
  return {
    name,
    spec: load.kind === 'replay' ? { ...spec, load } : spec,
    state: state === 'waiting' || state === 'running' ? 'skipped' : state,
    reason,
    warmups,
    requests,
    figures,
    pollution,
    contamination,
  };
}

/** Files of results have milliseconds. */
const toMillis = (instant: string): string => new Date(instant).toISOString();

type SamplesPage = z.output<typeof BenchSamplesPageSchema>;

/** The text of the file, a page of samples at a time. */
export async function* jsonText(summary: Summary, pages: AsyncIterable<SamplesPage>): AsyncGenerator<string> {
  yield `${JSON.stringify(summary).slice(0, -1)},"samples":[`;
  let isFirst = true;
  for await (const { samples } of pages) {
    const text = samples.map((sample) => JSON.stringify(sample)).join(',\n');
    if (text === '') continue;
    yield isFirst ? text : `,\n${text}`;
    isFirst = false;
  }
  yield ']}\n';
}

/** `bench-quick-tower-3f0c6a52.json`: what any file system takes. */
export function fileName({ suiteName, providerId, id }: BenchRun, extension: string): string {
  const suite = suiteName
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
  return (
    ['bench', suite, providerId, id.slice(0, 8)].filter((part) => part !== '').join('-') + `.${extension}`
  );
}
