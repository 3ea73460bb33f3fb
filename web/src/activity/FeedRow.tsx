'use client';
import { memo } from 'react';
import { useIsLost } from '../live';
import { NarrowCells, WideCells } from './FeedCells';
import { Found } from './Found';
import type { FeedItem } from './rows';

interface RowProps {
  item: FeedItem;
  selected: boolean;
  /** The one row of the grid that Tab reaches; the others by j and k. */
  reachable: boolean;
  /** Two lines, for phones. */
  narrow: boolean;
  /** A line more below, with what was found. */
  isSearch: boolean;
  nameOf: (providerId: string) => string;
  /** A running row that is kept on a paused page although it has ended. */
  ended: boolean;
  onOpen: (key: string) => void;
}

const COLUMNS = [
  'Time',
  'Host',
  'Model',
  'Consumer',
  'Path',
  'Status',
  'Prompt',
  'Cached',
  'Generated',
  'Prompt tok/s',
  'Gen tok/s',
  'Duration',
] as const;
const HINTS: Partial<Record<(typeof COLUMNS)[number], string>> = {
  Prompt: 'Prompt tokens',
  Cached: 'Prompt tokens served from the KV cache',
  Generated: 'Generated tokens',
  'Prompt tok/s': 'Prompt tokens read per second',
  'Gen tok/s': 'Tokens generated per second',
};

export function FeedHead() {
  return (
    <div role="row" className="feed-row h-7 border-b text-2xs font-medium text-fg3">
      {COLUMNS.map((name, i) => (
        <span
          key={name}
          role="columnheader"
          title={HINTS[name]}
          className={`feed-c${i} ${i > 5 ? 'text-right' : ''}`}
        >
          {name}
        </span>
      ))}
    </div>
  );
}

/** Height of the line with what was found. */
export const FOUND_PX = 20;

export const rowId = (key: string): string => `row-${key.replace(/[^A-Za-z0-9_-]/g, '_')}`;

export const FeedRow = memo(function FeedRow(props: RowProps) {
  const lost = useIsLost();
  const { item, selected, reachable, narrow, isSearch, nameOf, ended, onOpen } = props;
  if (item.kind === 'note') {
    return (
      <div
        role="row"
        id={rowId(item.key)}
        aria-selected={selected}
        tabIndex={reachable ? 0 : -1}
        className={`flex items-center -outline-offset-2 bg-busy/8 px-4 text-xs text-fg2 md:px-6 ${lost && item.key.startsWith('note ') ? 'stale' : ''} ${narrow ? 'h-12' : 'h-7'}`}
      >
        <span role="gridcell" className={narrow ? 'line-clamp-2' : 'truncate'} title={item.text}>
          {item.text}
        </span>
      </div>
    );
  }
  const Cells = narrow ? NarrowCells : WideCells;
  return (
    <div
      role="row"
      id={rowId(item.key)}
      data-testid="feed-row"
      data-key={item.key}
      data-kind={item.kind}
      aria-selected={selected}
      tabIndex={reachable ? 0 : -1}
      onClick={() => item.kind === 'row' && onOpen(item.key)}
      className={`${narrow ? `relative flex ${isSearch ? 'h-17' : 'h-12'} flex-col justify-center border-b pl-4 ${item.kind === 'running' ? 'pr-14' : 'pr-4'}` : `feed-row ${isSearch ? 'h-12 content-center' : 'h-7'}`} text-xs -outline-offset-2 ${item.kind === 'row' ? 'cursor-pointer' : ''} ${lost && item.kind === 'running' ? 'stale' : ''} ${selected ? 'bg-accent/12 shadow-[inset_2px_0_var(--accent)]' : 'hover:bg-s2'}`}
    >
      <Cells item={item} nameOf={nameOf} ended={ended} reachable={reachable} />
      {isSearch && item.kind === 'row' && <Found found={item.row.found} />}
    </div>
  );
});
