'use client';
import type { Column, Sorting } from './columns';
import { ariaSort, SortButton } from './SortButton';
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
        className="grid h-8 pointer-coarse:h-10.25 items-center border-b bg-s1 pr-4 text-2xs font-medium text-fg3 md:pr-6"
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
              <SortButton column={column} sorting={sorting} onSort={() => onSort(column)} />
            ) : (
              <span className={column.bare ? 'sr-only' : 'truncate'}>{column.name}</span>
            )}
          </div>
        ))}
      </div>
    </div>
  );
}
