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
export function cellName({ promptTokens, outputTokens, depth, load }: CellSpec): string {
  const how =
    load.kind === 'closed'
      ? `c${load.concurrency}`
      : load.kind === 'open'
        ? `${load.ratePerS}/s ${load.arrivals}`
        : `replay x${load.speed}`;
  return `pp${promptTokens} tg${outputTokens} d${depth} ${how}`;
}

/** How many requests are measured. */
export function requestsOf({ load }: CellSpec, repetitions: number): number {
  if (load.kind === 'replay') return repetitions * load.requests.length;
  return repetitions * (load.kind === 'closed' ? load.concurrency : load.requests);
}
