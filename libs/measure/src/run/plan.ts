import type { Cell, CellSpec, Suite } from '@boocontrol/contracts';
import { cellName, cellsOf, contextOf, groupOf, groupsOf, openAt, requestsOf } from '../suite/cells.js';
import { saturations } from './saturations.js';
import { searchStep } from './search.js';

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
 */
export function nextCell(
  suite: Suite,
  done: readonly Cell[],
  { contextTokens }: { contextTokens: number | null },
): Next | null {
  const index = done.length;
  const cells = cellsOf(suite);
  const spec = cells === null ? nextRate(suite, done) : (cells[index] ?? null);
  if (spec === null) return null;
  const needed = contextOf(spec);
  const skip =
    contextTokens !== null && needed > contextTokens
      ? `needs ${needed} tokens of context, and a slot has ${contextTokens}`
      : cells !== null && suite.stop.saturation
        ? saturatedBefore(spec, done)
        : null;
  return { index, name: cellName(spec), spec, requests: requestsOf(spec, suite.repetitions), skip };
}

/** One search after the other. */
function nextRate(suite: Suite, done: readonly Cell[]): CellSpec | null {
  const { load, stop } = suite;
  if (load.kind !== 'search') return null;
  for (const group of groupsOf(suite)) {
    const cells = done.filter(({ spec }) => groupOf(spec) === groupOf(group));
    const step = searchStep({ load, stop }, cells);
    if ('ratePerS' in step) return { ...group, load: openAt(load, step.ratePerS) };
  }
  return null;
}

function saturatedBefore(spec: CellSpec, done: readonly Cell[]): string | null {
  const from = saturations(done).find(({ cells }) => cells === groupOf(spec))?.load ?? null;
  return from === null ? null : `saturated at ${from}`;
}
