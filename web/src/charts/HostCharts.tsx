'use client';
import { useCallback, useMemo, useState } from 'react';
import { rangePhrase, rangeStepMs, type TimeRange } from '../browser/range';
import { clock } from '../format/time';
import { plural } from '../format/number';
import { useHost, useIsLost } from '../live';
import { Awaiting, Button, Notice } from '../ui/controls';
import { gapBands, leftOut } from './bands';
import { ChartRow } from './ChartRow';
import { LaneRow } from './LaneRow';
import { modelLanes } from './lanes';
import { createMoment, MomentContext } from './moment';
import type { Frame } from './Plot';
import type { Range } from './range';
import { TimeAxis } from './TimeAxis';
import { useHostHistory } from './use-host-history';
import { holeMs, hostCharts } from './views';

interface HostChartsProps {
  providerId: string;
  range: TimeRange;
  onRange: (range: TimeRange) => void;
}

/** When which model was loaded, and everything that was measured, over one time axis with one crosshair. */
export function HostCharts({ providerId, range: asked, onRange }: HostChartsProps) {
  const { history, retry } = useHostHistory(providerId, asked);
  const { range, perf, gaps, events, error } = history;
  const [moment] = useState(createMoment);
  const lost = useIsLost();
  const { models } = useHost(providerId);
  const views = useMemo(() => (perf ? hostCharts(perf) : []), [perf]);
  const bands = useMemo(() => gapBands(gaps.rows, range), [gaps, range]);
  const isLive = rangeStepMs(asked) !== null;
  const lanes = useMemo(
    () => modelLanes(events.rows, isLive ? models : [], range),
    [events, models, range, isLive],
  );
  const onZoom = useCallback((picked: Range) => onRange({ kind: 'between', ...picked }), [onRange]);
  const frame = useMemo<Frame>(() => ({ range, bands, onZoom }), [range, bands, onZoom]);
  if (error && !perf) {
    return (
      <Notice title="Couldn't load the history" action={<Button onClick={retry}>Try again</Button>}>
        {error.message}
      </Notice>
    );
  }
  if (!perf) {
    // As tall as what comes, so that nothing below has to move.
    return (
      <div className="min-h-[64rem]">
        <Awaiting>Loading the readings {rangePhrase(asked)}.</Awaiting>
      </div>
    );
  }
  const missing = [
    gaps.complete ? null : leftOut('Gaps', gaps.rows.at(-1)?.fromTs, range),
    events.complete ? null : leftOut('Loads of models', events.rows.at(-1)?.ts, range),
  ].filter((text) => text !== null);
  const isEmpty = lanes.length === 0 && views.length === 0;
  return (
    <MomentContext value={moment}>
      <div className={`@container ${lost ? 'stale' : ''}`} data-testid="charts">
        {isEmpty ? (
          <p className="py-3 text-sm text-fg2">Nothing was measured or loaded {rangePhrase(asked)}.</p>
        ) : (
          <>
            <TimeAxis range={range} />
            <section aria-label="Models loaded" className="pb-1">
              {lanes.map((lane) => (
                <LaneRow key={lane.model} lane={lane} frame={frame} />
              ))}
              {lanes.length === 0 && (
                <p className="py-3 pl-11 text-sm text-fg2">No model was loaded {rangePhrase(asked)}.</p>
              )}
            </section>
            {views.map((view) => (
              <ChartRow key={view.title} view={view} frame={frame} staysMs={holeMs(perf.stepS)} />
            ))}
            {views.length === 0 && (
              <p className="py-3 pl-11 text-sm text-fg2">No readings {rangePhrase(asked)}.</p>
            )}
            <Legend hasLanes={lanes.length > 0} hasCharts={views.length > 0} />
          </>
        )}
        {bands.length + missing.length > 0 && (
          <Gaps texts={bands.map(({ text }) => text)} missing={missing} />
        )}
        <p className="sr-only">
          {plural(views.length, 'chart')} from {clock(range.fromMs, 0)} to {clock(range.toMs, 0)}.
        </p>
      </div>
    </MomentContext>
  );
}

const MARKS = [
  ['h-3 bg-ready/70', 'ready'],
  ['h-[7px] bg-busy/70', 'loading'],
  ['h-1 bg-down/70', 'unloading'],
] as const;

function Legend({ hasLanes, hasCharts }: { hasLanes: boolean; hasCharts: boolean }) {
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-1 pt-3 pl-11 text-2xs text-fg3">
      {hasLanes &&
        MARKS.map(([className, text]) => (
          <span key={text} className="inline-flex items-end gap-1.5">
            <i aria-hidden className={`mb-0.5 w-3 ${className}`} />
            {text}
          </span>
        ))}
      <span className="inline-flex items-center gap-1.5">
        <i aria-hidden className="hatched h-3 w-4" />
        nothing known
      </span>
      {hasCharts && (
        <span className="print:hidden">
          <span className="pointer-coarse:hidden">Drag over a chart to look closer.</span>
          <span className="hidden pointer-coarse:inline">Touch a chart to read a moment.</span>
        </span>
      )}
    </p>
  );
}

/** Past so many, the others are folded away. */
const TOLD = 4;

function Gaps({ texts, missing }: { texts: readonly string[]; missing: readonly string[] }) {
  const more = texts.slice(TOLD);
  return (
    <div className="pt-2 pl-11 text-xs text-fg2">
      <ul>
        {texts.slice(0, TOLD).map((text) => (
          <li key={text}>Hatched: {text}.</li>
        ))}
        {missing.map((text) => (
          <li key={text}>{text}.</li>
        ))}
      </ul>
      {more.length > 0 && (
        <details>
          <summary className="text-fg3 hover:text-fg pointer-coarse:py-3">
            {plural(more.length, 'more gap')}
          </summary>
          <ul>
            {more.map((text) => (
              <li key={text}>Hatched: {text}.</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
