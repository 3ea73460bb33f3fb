'use client';
import { GAP_PX, type Column } from './columns';

export const tableRowId = (table: string, key: string): string =>
  `${table}-${key.replace(/[^A-Za-z0-9_-]/g, '_')}`;

interface TableRowProps<Row> {
  id: string;
  row: Row;
  index: number;
  columns: readonly Column<Row>[];
  template: string;
  selected: boolean;
  /** The one row that Tab reaches; the others by j and k. */
  reachable: boolean;
  onOpen: (row: Row) => void;
}

/** The first cell stays in sight when the table is scrolled sideways. */
export const FIRST_CELL = 'sticky left-0 z-10 bg-inherit pl-4 md:pl-6';
export const gridStyle = (template: string) => ({ gridTemplateColumns: template, columnGap: GAP_PX });

export function TableRow<Row>(props: TableRowProps<Row>) {
  const { id, row, index, columns, template, selected, reachable, onOpen } = props;
  return (
    <div
      role="row"
      id={id}
      // The head is the first row.
      aria-rowindex={index + 2}
      aria-selected={selected}
      tabIndex={reachable ? 0 : -1}
      onClick={() => onOpen(row)}
      style={gridStyle(template)}
      className={`grid h-8 pointer-coarse:h-10 cursor-pointer items-center pr-4 text-xs -outline-offset-2 md:pr-6 ${selected ? 'bg-s3 shadow-[inset_2px_0_var(--accent)]' : 'bg-s1 hover:bg-s2'}`}
    >
      {columns.map(({ id: column, numeric, render }, i) => (
        <div
          key={column}
          role="gridcell"
          className={`flex h-full min-w-0 items-center ${numeric ? 'num justify-end text-right' : ''} ${i === 0 ? FIRST_CELL : ''}`}
        >
          {render(row)}
        </div>
      ))}
    </div>
  );
}
