'use client';
import type { EvalItemResult, EvalRun } from '@boocontrol/contracts';
import { count } from '../format/number';
import type { Progress } from '../live/jobs';
import { Bar } from '../ui/gauges';
import { OutcomeCounts } from './Outcomes';

interface LiveRunProps {
  run: EvalRun;
  /** null: not told yet. */
  items: readonly EvalItemResult[] | null;
  /** undefined: nothing was told since the page is shown. */
  progress: Progress | undefined;
}

/** How far a run is, and what became of its samples so far. */
export function LiveRun({ run, items, progress }: LiveRunProps) {
  const done = Math.max(progress?.done ?? 0, run.done);
  const { total } = run;
  const text = `${count(done)} of ${count(total)} samples done`;
  const now = (items ?? []).flatMap(({ item, samples }) =>
    samples.some(({ state }) => state === 'asking' || state === 'grading') ? [item] : [],
  );
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <div className="flex flex-wrap items-baseline gap-x-3 text-sm">
        <span className="num">{text}</span>
        {now.length > 0 && (
          <span className="text-fg2 [overflow-wrap:anywhere]">
            now: <span className="font-mono text-xs">{now.slice(0, 4).join(', ')}</span>
            {now.length > 4 && ` and ${now.length - 4} more`}
          </span>
        )}
      </div>
      <Bar
        label="Progress"
        text={text}
        reading={{ value: '', unit: '', fraction: total === 0 ? 0 : done / total, level: 'normal' }}
      />
      <OutcomeCounts outcomes={progress && progress.done >= run.done ? progress.outcomes : run.outcomes} />
    </div>
  );
}
