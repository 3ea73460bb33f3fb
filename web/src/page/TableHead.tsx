'use client';
import { ArrowUpIcon } from '../ui/icons';
import type { Column, Sorting } from './columns';
import { FIRST_CELL, gridStyle } from './TableRow';

interface TableHeadProps<Row> {
  columns: readonly Column<Row>[];
  template: string;
  sorting: Sorting | null;
  onSort: (column: Column<Row>) => void;
}

export function TableHead<Row>({ columns, template, sorting, onSort }: TableHeadProps<Row>) {
  return (
    <div role="rowgroup" className="shrink-0 overflow-hidden [scrollbar-gutter:stable]">
      <div
        role="row"
        aria-rowindex={1}
        style={gridStyle(template)}
        className="grid h-8 items-center border-b bg-s1 pr-4 text-2xs font-medium text-fg3 md:pr-6"
      >
        {columns.map((column, i) => (
          <div
            key={column.id}
            role="columnheader"
            aria-sort={ariaSort(column, sorting)}
            title={column.hint}
            className={`flex h-full min-w-0 items-center ${column.numeric ? 'justify-end' : ''} ${i === 0 ? FIRST_CELL : ''}`}
          >
            {column.sortBy ? (
              <button
                type="button"
                onClick={() => onSort(column)}
                className="inline-flex min-w-0 items-center gap-1 rounded py-1 hover:text-fg"
              >
                <span className="truncate">{column.name}</span>
                <SortMark column={column} sorting={sorting} />
              </button>
            ) : (
              <span className="truncate">{column.name}</span>
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

function SortMark<Row>({ column, sorting }: { column: Column<Row>; sorting: Sorting | null }) {
  if (sorting?.column !== column.id) return null;
  return <ArrowUpIcon className={`size-3 shrink-0 text-accent ${sorting.descending ? 'rotate-180' : ''}`} />;
}

function ariaSort<Row>(column: Column<Row>, sorting: Sorting | null) {
  if (!column.sortBy) return undefined;
  if (sorting?.column !== column.id) return 'none';
  return sorting.descending ? 'descending' : 'ascending';
}
