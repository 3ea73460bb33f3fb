'use client';
import { definitionOf, type BenchCell, type BenchRun, type FigureKey } from '@boocontrol/contracts';
import { count } from '../format/number';
import { Bar } from '../ui/gauges';
import { figuresIn, interval, say } from './figures';
import type { Progress } from '../live/jobs';
import { cellWords } from './words';

interface LiveProps {
  run: BenchRun;
  cells: readonly BenchCell[];
  /** undefined: nothing was told since the page is shown. */
  progress: Progress | undefined;
}

/** How far a run is, and what it sees now. */
export function LiveLine({ run, cells, progress }: LiveProps) {
  const done = progress?.done ?? run.cellsDone;
  const total = progress?.total ?? run.cellsTotal;
  const now = cells.find(({ index, state }) =>
    progress?.cell == null ? state === 'running' : index === progress.cell,
  );
  const text = total === null ? `${count(done)} cells done` : `${count(done)} of ${count(total)} cells done`;
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <div className="flex flex-wrap items-baseline gap-x-3 text-sm">
        <span className="num">{text}</span>
        {now && <span className="text-fg2 [overflow-wrap:anywhere]">now: {cellWords(now.spec)}</span>}
      </div>
      {total !== null && (
        <Bar
          label="Progress"
          text={text}
          reading={{ value: '', unit: '', fraction: total === 0 ? 0 : done / total, level: 'normal' }}
        />
      )}
      <Now cell={now} progress={progress} />
    </div>
  );
}

const FIRST: readonly FigureKey[] = ['genTps', 'ttftMs', 'tokensPerS'];

/** The newest figures of the cell under way, with the interval where one is known. */
function Now({ cell, progress }: { cell: BenchCell | undefined; progress: Progress | undefined }) {
  const newest = progress?.figures ?? {};
  const known = cell?.figures ?? {};
  const there = new Set([...Object.keys(newest), ...figuresIn([known])]);
  const shown = FIRST.filter((figure) => there.has(figure));
  if (shown.length === 0) return null;
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1" data-testid="now">
      {shown.map((figure) => {
        const { label, unit } = definitionOf(figure);
        const summary = known[figure];
        const between = summary && interval(figure, summary);
        return (
          <div key={figure} className="flex items-baseline gap-1.5">
            <dt className="text-xs text-fg3">{label}</dt>
            <dd className="num text-lg">
              {say(figure, newest[figure] ?? summary?.median)}
              <span className="unit">{unit}</span>
              {between && <span className="ml-2 text-xs text-fg3">{between}</span>}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
