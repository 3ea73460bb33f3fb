import type { ReactNode } from 'react';

/** A column of a table. Rows are grids of their own, so widths must not depend on what is in them. */
export interface Column<Row> {
  id: string;
  name: string;
  /** What the name is short for. */
  hint?: string;
  /** Its name is only told to screen readers. */
  bare?: boolean;
  minPx: number;
  /** Share of the room that is left; absent: the column keeps minPx. */
  grow?: number;
  /** Set to the right. */
  numeric?: boolean;
  /** The table has no meaning without it, so it cannot be hidden. */
  fixed?: boolean;
  /** Not shown until somebody chooses it. */
  optional?: boolean;
  /** What the rows are sorted by; null comes last whichever way. Absent: cannot be sorted by. */
  sortBy?: (row: Row) => string | number | null;
  /** Whether the first press on its head shows the largest first. */
  largestFirst?: boolean;
  render: (row: Row) => ReactNode;
}

export interface Sorting {
  column: string;
  descending: boolean;
}

/** What a browser keeps of a table. */
export interface TableChoice {
  /** Ids of the columns that are shown; null: as the page has them. */
  shown: readonly string[] | null;
  /** null: as the page has the rows. */
  sorting: Sorting | null;
}
export const NO_CHOICE: TableChoice = { shown: null, sorting: null };

/** What was kept, of this version or another; nonsense is no choice. */
export function readChoice(text: string | null): TableChoice {
  if (text === null) return NO_CHOICE;
  try {
    const { shown, sorting } = JSON.parse(text) as Partial<TableChoice>;
    return {
      shown: Array.isArray(shown) ? shown.filter((id) => typeof id === 'string') : null,
      sorting:
        typeof sorting?.column === 'string'
          ? { column: sorting.column, descending: sorting.descending === true }
          : null,
    };
  } catch {
    return NO_CHOICE;
  }
}

export function shownColumns<Row>(
  columns: readonly Column<Row>[],
  { shown }: TableChoice,
): readonly Column<Row>[] {
  return columns.filter(({ id, fixed, optional }) => fixed || (shown ? shown.includes(id) : !optional));
}

/** The choice with one column shown or hidden. */
export function withColumn<Row>(
  columns: readonly Column<Row>[],
  choice: TableChoice,
  id: string,
  wanted: boolean,
): TableChoice {
  const ids = new Set(shownColumns(columns, choice).map((column) => column.id));
  if (wanted) ids.add(id);
  else ids.delete(id);
  return { ...choice, shown: columns.filter((column) => ids.has(column.id)).map((column) => column.id) };
}

/** A press on a head: its first way, then the other, then as the page has the rows. */
export function nextSorting<Row>(before: Sorting | null, column: Column<Row>): Sorting | null {
  const first = column.largestFirst ?? false;
  if (before?.column !== column.id) return { column: column.id, descending: first };
  return before.descending === first ? { column: column.id, descending: !first } : null;
}

/** Sorted anew; rows that are equal keep their order, and rows without a value come last. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sorting: Sorting | null,
): readonly Row[] {
  const by = columns.find(({ id }) => id === sorting?.column)?.sortBy;
  if (!by || !sorting) return rows;
  const way = sorting.descending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: by(row) }))
    .toSorted(({ value: a }, { value: b }) =>
      a === null || b === null ? Number(a === null) - Number(b === null) : way * compare(a, b),
    )
    .map(({ row }) => row);
}

const compare = (a: string | number, b: string | number): number =>
  typeof a === 'number' && typeof b === 'number'
    ? a - b
    : String(a).localeCompare(String(b), 'en', { numeric: true });

/** The rows in the order they had before, new ones at the end: what is pointed at must hold still. */
export function heldOrder<Row>(
  rows: readonly Row[],
  before: readonly string[],
  keyOf: (row: Row) => string,
): readonly Row[] {
  const place = new Map(before.map((key, index) => [key, index]));
  return rows.toSorted(
    (a, b) => (place.get(keyOf(a)) ?? before.length) - (place.get(keyOf(b)) ?? before.length),
  );
}

export const GAP_PX = 12;

/** The grid of head and rows, and the width below which the table scrolls sideways. */
export function gridOf<Row>(columns: readonly Column<Row>[]): { template: string; minPx: number } {
  return {
    template: columns
      .map(({ minPx, grow }) => (grow ? `minmax(${minPx}px, ${grow}fr)` : `${minPx}px`))
      .join(' '),
    minPx: columns.reduce((sum, { minPx }) => sum + minPx + GAP_PX, GAP_PX),
  };
}
