'use client';
import { ArrowUpIcon } from '../ui/icons';
import type { Column, Sorting } from './columns';

interface SortButtonProps<Row> {
  column: Column<Row>;
  sorting: Sorting | null;
  onSort: () => void;
}

/** The head of a column that can be sorted by. */
export function SortButton<Row>({ column, sorting, onSort }: SortButtonProps<Row>) {
  return (
    <button
      type="button"
      onClick={onSort}
      className="inline-flex min-w-0 items-center gap-1 rounded py-1 hover:text-fg pointer-coarse:-mx-2 pointer-coarse:px-2 pointer-coarse:py-3"
    >
      <span className="truncate">{column.name}</span>
      {sorting?.column === column.id && (
        <ArrowUpIcon className={`size-3 shrink-0 text-accent ${sorting.descending ? 'rotate-180' : ''}`} />
      )}
    </button>
  );
}

export function ariaSort<Row>(column: Column<Row>, sorting: Sorting | null) {
  if (!column.sortBy) return undefined;
  if (sorting?.column !== column.id) return 'none';
  return sorting.descending ? 'descending' : 'ascending';
}
