'use client';
import { memo } from 'react';
import { exact, exactClock, span } from '../format/time';
import { PageLink } from '../shell/PageLink';
import { piecesOf } from './ansi';
import type { Line } from './line';
import { rowKey, type Row } from './rows';
import { activityHref, KNOWN_BY, LEVEL_LOOK, lineClock, modelWord } from './words';

/** More than fits on any screen; the rest is shown where the line is opened. */
const SHOWN_CHARS = 1_200;

export const rowId = (row: Row): string => `log-${rowKey(row)}`;

interface LogRowProps {
  row: Row;
  /** Which of all, from 1. */
  place: number;
  selected: boolean;
  /** The one row that Tab reaches; the others by j and k. */
  reachable: boolean;
  /** Two lines, for phones. */
  narrow: boolean;
  /** The hosts are all one: its name is left out. */
  hostless: boolean;
  nameOf: (providerId: string) => string;
  /** The host that is chosen, for where a moment leads. */
  host: string | null;
  onOpen: (line: Line) => void;
}

export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { row, place, selected, reachable, narrow, onOpen, host } = props;
  const common = {
    role: 'row',
    id: rowId(row),
    'aria-rowindex': place,
    'aria-selected': selected,
    tabIndex: reachable ? 0 : -1,
  } as const;
  const chosen = selected ? 'bg-accent/12 shadow-[inset_2px_0_var(--accent)]' : '';
  if (row.kind !== 'line')
    return (
      <div {...common} data-testid={`log-${row.kind}`} className={`h-full -outline-offset-2 ${chosen}`}>
        <Moment row={row} host={host} reachable={reachable} />
      </div>
    );
  const Cells = narrow ? NarrowCells : WideCells;
  return (
    <div
      {...common}
      data-testid="log-line"
      data-level={row.level ?? 'none'}
      // What was marked with the pointer is to be copied, not opened.
      onClick={() => getSelection()?.isCollapsed !== false && onOpen(row)}
      className={`h-full cursor-pointer text-xs -outline-offset-2 ${narrow ? 'flex flex-col justify-center border-b px-4' : 'log-row'} ${chosen || edge(row)}`}
    >
      <Cells {...props} row={row} />
    </div>
  );
});

function edge({ level }: Line): string {
  if (level === 'error') return 'bg-error/8 shadow-[inset_2px_0_var(--error)] hover:bg-error/14';
  return level === 'warn' ? 'shadow-[inset_2px_0_var(--busy)] hover:bg-s2' : 'hover:bg-s2';
}

type CellsProps = Omit<LogRowProps, 'row'> & { row: Line };

function WideCells({ row, hostless, nameOf }: CellsProps) {
  return (
    <>
      <time
        role="gridcell"
        dateTime={new Date(row.atMs).toISOString()}
        title={exact(row.atMs)}
        className="font-mono text-fg3"
      >
        {lineClock(row.atMs)}
      </time>
      <span
        role="gridcell"
        className={hostless ? 'hidden' : 'truncate text-fg2'}
        title={nameOf(row.providerId)}
      >
        {nameOf(row.providerId)}
      </span>
      <span role="gridcell" className="truncate text-fg3">
        <Writer line={row} />
      </span>
      <span role="gridcell" className={row.level ? LEVEL_LOOK[row.level] : ''}>
        {row.level}
      </span>
      <span role="gridcell" className="truncate font-mono whitespace-pre">
        <LineText raw={row.raw} cut={row.cut} />
      </span>
    </>
  );
}

function NarrowCells({ row, hostless, nameOf }: CellsProps) {
  return (
    <>
      <span role="gridcell" className="flex gap-2 text-2xs text-fg3">
        <span className="shrink-0 font-mono">{lineClock(row.atMs)}</span>
        {!hostless && <span className="truncate text-fg2">{nameOf(row.providerId)}</span>}
        <span className="min-w-0 truncate">
          <Writer line={row} />
        </span>
        {row.level && <span className={`ml-auto shrink-0 ${LEVEL_LOOK[row.level]}`}>{row.level}</span>}
      </span>
      <span role="gridcell" className="truncate font-mono whitespace-pre">
        <LineText raw={row.raw} cut={row.cut} />
      </span>
    </>
  );
}

/** Who wrote it: the host itself, or one of its models. */
function Writer({ line: { source, model } }: { line: Line }) {
  if (model === null) return <span title="Which model is not known">{source}</span>;
  return (
    <span
      className={model.by === 'probable' ? 'italic' : undefined}
      title={`${model.id} (${source}): ${KNOWN_BY[model.by]}`}
    >
      {modelWord(model)}
    </span>
  );
}

/** Text only, whatever is in it: sequences for terminals become colours or nothing, control characters signs. */
export function LineText({ raw, cut, most = SHOWN_CHARS }: { raw: string; cut: boolean; most?: number }) {
  return (
    <bdi dir="ltr">
      {piecesOf(raw.slice(0, most)).map(({ text, look }, at) => (
        <span key={at} className={look || undefined}>
          {text}
        </span>
      ))}
      {(cut || raw.length > most) && <span className="text-fg3">…</span>}
    </bdi>
  );
}

interface MomentProps {
  row: Exclude<Row, Line>;
  host: string | null;
  reachable: boolean;
}

/** Another minute, or a mark: when it was, and what ran then. */
function Moment({ row, host, reachable }: MomentProps) {
  const isMark = row.kind === 'mark';
  const silence = row.kind === 'minute' && row.silentMs > 0 ? ` · no line for ${span(row.silentMs)}` : '';
  const text = `${isMark ? 'Mark at ' : ''}${exactClock(row.atMs, row.atMs)}${silence}`;
  return (
    <span
      role="gridcell"
      className={`flex h-full items-center gap-3 px-4 text-2xs md:px-6 ${isMark ? 'text-accent' : 'text-fg3'}`}
    >
      <span className="num shrink-0">{text}</span>
      <span className={`h-px flex-1 ${isMark ? 'bg-accent' : 'bg-line'}`} />
      <PageLink
        href={activityHref(host, row.atMs)}
        tabIndex={reachable ? 0 : -1}
        className="shrink-0 hover:text-accent hover:underline"
        aria-label={`Activity around ${exactClock(row.atMs, row.atMs)}`}
      >
        Activity
      </PageLink>
    </span>
  );
}
