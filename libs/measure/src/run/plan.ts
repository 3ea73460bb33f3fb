import type { Cell, CellSpec, Suite } from '@boocontrol/contracts';
import { cellName, cellsOf, groupOf, requestsOf } from '../suite/cells.js';
import { saturations } from './saturations.js';

/** A cell that is to be measured, or left out. */
export interface Next {
  index: number;
  name: string;
  spec: CellSpec;
  /** That are measured. */
  requests: number;
  /** Why it is left out; null: it is not. */
  skip: string | null;
}

/**
 * What comes after these cells, which are all before it in their order; null: nothing does. Pure: it depends on what was
 * measured alone, so a run that was cut goes on with the cells that it has.
 * @throws {MeasureError} `bad_suite` for a load that cannot be measured
 */
export function nextCell(
  suite: Suite,
  done: readonly Cell[],
  { contextTokens }: { contextTokens: number | null },
): Next | null {
  const index = done.length;
  const spec = cellsOf(suite)[index];
  if (!spec) return null;
  return {
    index,
    name: cellName(spec),
    spec,
    requests: requestsOf(spec, suite.repetitions),
    skip: notPossible(spec, contextTokens) ?? (suite.stop.saturation ? saturatedBefore(spec, done) : null),
  };
}

function notPossible(
  { promptTokens, outputTokens, depth }: CellSpec,
  contextTokens: number | null,
): string | null {
  const needed = depth + promptTokens + outputTokens;
  if (contextTokens === null || needed <= contextTokens) return null;
  return `needs ${needed} tokens of context, and a slot has ${contextTokens}`;
}

function saturatedBefore(spec: CellSpec, done: readonly Cell[]): string | null {
  const from = saturations(done).find(({ cells }) => cells === groupOf(spec))?.load ?? null;
  return from === null ? null : `saturated at ${from}`;
}
