'use client';
import { useCallback, useRef, useState, type ReactNode } from 'react';
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import { rowKeys, useKeys } from '../browser/keys';
import { useMedia } from '../browser/media';
import {
  gridOf,
  heldOrder,
  nextSorting,
  shownColumns,
  sortRows,
  type Column,
  type Sorting,
  type TableChoice,
} from './columns';
import { ColumnChoice } from './ColumnChoice';
import { TableHead } from './TableHead';
import { TableRow, tableRowId } from './TableRow';
import { TABLE_PARTS } from './table-parts';
import { useTableChoice } from './use-table-choice';

interface TableProps<Row> {
  /** Accessible name. */
  label: string;
  /** Under which the browser keeps columns and sorting. */
  name: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  onOpen: (row: Row) => void;
  /** Says why there are no rows. */
  empty?: ReactNode;
  /** The last row came into sight: there may be more to load. */
  onEnd?: () => void;
  /** The page keeps the order, in its address; absent: the browser keeps it. */
  order?: TableOrder;
}

interface TableOrder {
  sorting: Sorting | null;
  onSort: (sorting: Sorting | null) => void;
}

/**
 * Rows of one height, only those in sight in the page. Heads sort; j, k and arrows move; Enter opens. The order holds
 * still while the pointer is over it. Fills the height that it is given. Import it lazily: it brings the virtual list.
 */
export default function Table<Row>(props: TableProps<Row>) {
  const { label, name, rows, columns, keyOf, onOpen, empty, onEnd } = props;
  const [choice, setChoice] = useOrderedChoice(name, props.order);
  const shown = shownColumns(columns, choice);
  const { template, minPx } = gridOf(shown);
  const touch = useMedia('(pointer: coarse)');
  const [pointed, setPointed] = useState(false);
  const order = useRef<readonly string[]>([]);
  const sorted = pointed ? heldOrder(rows, order.current, keyOf) : sortRows(rows, columns, choice.sorting);
  order.current = sorted.map(keyOf);

  const [selectedKey, setSelectedKey] = useState<string | null>(null);
  const selected = sorted.findIndex((row) => keyOf(row) === selectedKey);
  const list = useRef<VirtuosoHandle>(null);
  const select = (index: number): void => {
    const row = sorted[Math.max(0, Math.min(sorted.length - 1, index))];
    if (!row) return;
    setSelectedKey(keyOf(row));
    list.current?.scrollIntoView({
      index: sorted.indexOf(row),
      done: () => document.getElementById(tableRowId(name, keyOf(row)))?.focus({ preventScroll: true }),
    });
  };
  const openRow = useCallback(
    (row: Row) => {
      setSelectedKey(keyOf(row));
      onOpen(row);
    },
    [keyOf, onOpen],
  );
  useKeys({
    ...rowKeys((by) => select(selected + by)),
    Home: () => select(0),
    End: () => select(sorted.length - 1),
    Enter: () => {
      const row = sorted[selected];
      if (row) openRow(row);
    },
  });
  if (rows.length === 0) return <>{empty}</>;
  return (
    <div className="relative flex min-h-0 flex-1 flex-col border-t bg-s1">
      <div className="absolute top-0 right-0 z-20 flex h-8 pointer-coarse:h-10.25 items-center border-b bg-s1 pr-1 pl-1">
        <ColumnChoice columns={columns} choice={choice} onChoice={setChoice} />
      </div>
      <div className="relative min-h-0 flex-1 overflow-x-auto overflow-y-hidden">
        <div
          role="grid"
          aria-label={label}
          aria-rowcount={sorted.length + 1}
          style={{ minWidth: minPx }}
          className="flex h-full flex-col"
        >
          <TableHead
            columns={shown}
            template={template}
            sorting={choice.sorting}
            onSort={(column) => setChoice({ ...choice, sorting: nextSorting(choice.sorting, column) })}
          />
          <Virtuoso
            ref={list}
            data={sorted}
            context={{ onPointed: setPointed }}
            components={TABLE_PARTS}
            computeItemKey={(_, row) => keyOf(row)}
            fixedItemHeight={touch ? 40 : 32}
            increaseViewportBy={320}
            {...(onEnd ? { endReached: onEnd } : {})}
            itemContent={(index, row) => (
              <TableRow
                id={tableRowId(name, keyOf(row))}
                row={row}
                index={index}
                columns={shown}
                template={template}
                selected={index === selected}
                reachable={index === Math.max(0, selected)}
                onOpen={openRow}
              />
            )}
            className="min-h-0 flex-1"
          />
        </div>
      </div>
    </div>
  );
}

function useOrderedChoice(
  name: string,
  order: TableOrder | undefined,
): [TableChoice, (choice: TableChoice) => void] {
  const [kept, keep] = useTableChoice(name);
  if (!order) return [kept, keep];
  return [
    { ...kept, sorting: order.sorting },
    (next) => {
      keep(next);
      order.onSort(next.sorting);
    },
  ];
}
