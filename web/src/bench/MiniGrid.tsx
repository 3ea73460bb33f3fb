import type { BenchCell } from '@boocontrol/contracts';
import { plural } from '../format/number';
import { cellWords, CELL_STATE } from './words';
import { gridOf, isClean } from './grid';

/** The cells of a run as they fill, one square each; what it says in words is the label. */
export function MiniGrid({ cells }: { cells: readonly BenchCell[] }) {
  const { rows, columns } = gridOf(cells);
  const done = cells.filter(({ state }) => state !== 'waiting' && state !== 'running').length;
  const tainted = cells.filter((cell) => !isClean(cell)).length;
  const label = [
    `${done} of ${plural(cells.length, 'cell')} done`,
    ...(tainted > 0 ? [`${tainted} with something against them`] : []),
  ].join(', ');
  return (
    <div
      role="img"
      aria-label={label}
      className="grid w-fit gap-1"
      style={{ gridTemplateColumns: `repeat(${Math.max(1, columns.length)}, 1.25rem)` }}
    >
      {rows.flatMap((row) =>
        row.cells.map((cell, i) => <Square key={`${row.key} ${columns[i]?.key ?? i}`} cell={cell} />),
      )}
    </div>
  );
}

const LOOK: Readonly<Record<BenchCell['state'], string>> = {
  waiting: 'border-line-strong',
  running: 'border-own bg-own/25 animate-pulse-state',
  measured: 'border-own bg-own/70',
  partial: 'border-own bg-own/30',
  skipped: 'border-dashed border-line-strong',
};

function Square({ cell }: { cell: BenchCell | null }) {
  if (!cell) return <i className="size-5" />;
  return (
    <i
      title={`${cellWords(cell.spec)}: ${CELL_STATE[cell.state]}`}
      className={`relative grid size-5 place-items-center rounded-sm border ${LOOK[cell.state]}`}
    >
      {!isClean(cell) && <span className="text-2xs leading-none font-bold text-fg not-italic">!</span>}
    </i>
  );
}
