import type { CellLoad, CellSpec, Suite } from '@boocontrol/contracts';
import { MeasureError } from '../errors.js';

/**
 * Lower loads first, so that a sweep can end where more gains nothing.
 * @throws {MeasureError} `bad_suite` for a load that cannot be measured
 */
export function cellsOf({ promptTokens, outputTokens, depth, load }: Suite): CellSpec[] {
  const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
  if (load.kind === 'search' || load.kind === 'replay')
    throw new MeasureError('bad_suite', `A load of kind ${load.kind} cannot be measured yet.`);
  const loads: CellLoad[] =
    load.kind === 'closed'
      ? ascending(load.concurrency).map((concurrency) => ({ kind: 'closed', concurrency }))
      : ascending(load.ratePerS).map((ratePerS) => ({
          kind: 'open',
          ratePerS,
          arrivals: load.arrivals,
          requests: load.requests,
        }));
  return promptTokens.flatMap((prompt) =>
    outputTokens.flatMap((output) =>
      depth.flatMap((before) =>
        loads.map((each) => ({ promptTokens: prompt, outputTokens: output, depth: before, load: each })),
      ),
    ),
  );
}

/** The same for the same combination, in whatever suite: `pp512 tg128 d0 c4`, `pp512 tg128 d0 2/s`. */
export function cellName(spec: CellSpec): string {
  const { load } = spec;
  const how =
    load.kind === 'closed'
      ? `c${load.concurrency}`
      : load.kind === 'open'
        ? `${load.ratePerS}/s ${load.arrivals}`
        : `replay x${load.speed}`;
  return `${groupOf(spec)} ${how}`;
}

/** How many requests are measured. */
export function requestsOf({ load }: CellSpec, repetitions: number): number {
  if (load.kind === 'replay') return repetitions * load.requests.length;
  return repetitions * (load.kind === 'closed' ? load.concurrency : load.requests);
}

/** Lengths of a measured request, in tokens: of a replay each has its own. */
export function lengthsOf(
  { promptTokens, outputTokens, load }: CellSpec,
  at: number,
): { promptTokens: number; outputTokens: number } {
  const recorded = load.kind === 'replay' ? load.requests[at % load.requests.length] : undefined;
  return recorded ?? { promptTokens, outputTokens };
}

/** The same for cells that differ in their load only: `pp512 tg128 d0`. */
export function groupOf({ promptTokens, outputTokens, depth }: CellSpec): string {
  return `pp${promptTokens} tg${outputTokens} d${depth}`;
}
