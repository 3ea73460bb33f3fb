import type { BenchCell, CellLoad, CellSpec } from '@boocontrol/contracts';
import { loadWords, shapeWords } from './words';

export interface GridRow {
  key: string;
  words: string;
  spec: Omit<CellSpec, 'load'>;
  /** One for each column; null: the suite has no such cell. */
  cells: readonly (BenchCell | null)[];
}
export interface Grid {
  columns: readonly { key: string; words: string; load: CellLoad }[];
  rows: readonly GridRow[];
}

const loadKey = (load: CellLoad): string =>
  load.kind === 'closed'
    ? `c${load.concurrency}`
    : load.kind === 'open'
      ? `${load.ratePerS}/s ${load.arrivals}`
      : `replay x${load.speed}`;

/** How much a load is, for the order of the columns. */
export const loadSize = (load: CellLoad): number =>
  load.kind === 'closed' ? load.concurrency : load.kind === 'open' ? load.ratePerS : load.speed;

const shapeKey = ({ promptTokens, outputTokens, depth }: CellSpec): string =>
  `${promptTokens} ${outputTokens} ${depth}`;

/** Rows of what is sent, columns of how much at a time; of two cells in the same place the later one. */
export function gridOf(cells: readonly BenchCell[]): Grid {
  const loads = new Map(cells.map(({ spec }) => [loadKey(spec.load), spec.load]));
  const columns = [...loads]
    .map(([key, load]) => ({ key, load, words: loadWords(load) }))
    .sort((a, b) => loadSize(a.load) - loadSize(b.load));
  const rows = new Map<string, BenchCell[]>();
  for (const cell of cells) rows.set(shapeKey(cell.spec), [...(rows.get(shapeKey(cell.spec)) ?? []), cell]);
  return {
    columns,
    rows: [...rows].flatMap(([key, held]) => {
      const spec = held[0]?.spec;
      if (!spec) return [];
      return [
        {
          key,
          spec,
          words: shapeWords(spec),
          cells: columns.map(
            (column) => held.findLast((each) => loadKey(each.spec.load) === column.key) ?? null,
          ),
        },
      ];
    }),
  };
}

/** Whether its figures are what the host does by itself. */
export const isClean = ({
  contamination,
  pollution,
}: Pick<BenchCell, 'contamination' | 'pollution'>): boolean =>
  contamination.length === 0 && pollution.length === 0;
