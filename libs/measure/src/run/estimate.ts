import type { CellSpec, Suite } from '@boocontrol/contracts';
import { cellsOf, groupsOf, openAt, requestsOf } from '../suite/cells.js';
import { stepsAtMost } from './search.js';

/** What a suite will send, as far as it can be said before; warm-ups are not counted. */
export interface Estimated {
  /** Of a search the most that it may take. */
  cells: number;
  requests: number;
  /** Of a search one of each group, at its lowest rate: `times` so many are measured. */
  each: readonly { spec: CellSpec; requests: number; times: number }[];
}

export function estimateRequests(suite: Suite): Estimated {
  const { load, repetitions } = suite;
  const times = load.kind === 'search' ? stepsAtMost(load) : 1;
  const specs =
    load.kind === 'search'
      ? groupsOf(suite).map((group) => ({ ...group, load: openAt(load, load.fromPerS) }))
      : (cellsOf(suite) ?? []);
  const each = specs.map((spec) => ({ spec, requests: requestsOf(spec, repetitions), times }));
  return {
    cells: times * each.length,
    requests: each.reduce((sum, { requests }) => sum + times * requests, 0),
    each,
  };
}
