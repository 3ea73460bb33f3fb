import type { CellSpec, Suite } from '@boocontrol/contracts';
import { cellsOf, requestsOf } from './cells.js';

/** What a suite will send, as far as it can be said before; warm-ups are not counted. */
export interface Estimated {
  cells: number;
  requests: number;
  each: readonly { spec: CellSpec; requests: number }[];
}

/** @throws {MeasureError} `bad_suite` for a load that cannot be measured */
export function estimateRequests(suite: Suite): Estimated {
  const each = cellsOf(suite).map((spec) => ({ spec, requests: requestsOf(spec, suite.repetitions) }));
  return { cells: each.length, requests: each.reduce((sum, { requests }) => sum + requests, 0), each };
}
