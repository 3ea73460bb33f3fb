import type { Cell, Result } from '@boocontrol/contracts';
import { saturation } from '../stats/saturation.js';
import { groupOf } from '../suite/cells.js';

/** From which load on more gains nothing, for each group of cells that differ in their load only. */
export function saturations(cells: readonly Pick<Cell, 'spec' | 'figures'>[]): Result['saturation'] {
  const groups = new Map<string, Pick<Cell, 'spec' | 'figures'>[]>();
  for (const cell of cells) groups.set(groupOf(cell.spec), [...(groups.get(groupOf(cell.spec)) ?? []), cell]);
  return [...groups]
    .map(([name, group]) => ({
      cells: name,
      points: group.flatMap(pointOf).sort((a, b) => a.load - b.load),
    }))
    .filter(({ points }) => points.length > 1)
    .map(({ cells: name, points }) => ({ cells: name, load: saturation(points) }));
}

function pointOf({ spec: { load }, figures: { tokensPerS } }: Pick<Cell, 'spec' | 'figures'>) {
  if (!tokensPerS || load.kind === 'replay') return [];
  const of = load.kind === 'closed' ? load.concurrency : load.ratePerS;
  return [{ load: of, throughput: tokensPerS.median }];
}
