'use client';
import type { Gaps, ModelEvent, PerfSeries } from '@boocontrol/contracts';
import { useMemo } from 'react';
import { withQuery } from '../api/client';
import { useGaps, useModelEvents } from '../api/history';
import type { Rows } from '../api/pages';
import { refresh, useResource } from '../api/resource';
import { rangeSpan, rangeStepMs, rangeText, type TimeRange } from '../browser/range';
import { useTick } from '../live';
import { Awaiting, Button, Notice } from '../ui/controls';
import { Chart } from './Chart';
import { gapBands, hostCharts, leftOut, swapTicks } from './prepare';
import type { Range } from './range';
import { useKept } from '../api/use-kept';

/** What a drawer of this width can show; the server chooses the step that fits. */
const MAX_POINTS = 360;
const NO_GAPS: Rows<Gaps['gaps'][number]> = { rows: [], complete: true };
const NO_EVENTS: Rows<ModelEvent> = { rows: [], complete: true };

export default function HostCharts({ providerId, range: asked }: { providerId: string; range: TimeRange }) {
  // The end of the range moves in steps, so that one question serves all readers of the step.
  const stepMs = rangeStepMs(asked);
  const nowMs = useTick((ms) => (stepMs === null ? 0 : Math.ceil(ms / stepMs) * stepMs));
  const range = useMemo<Range>(() => {
    const { fromMs, toMs } = rangeSpan(asked, nowMs);
    return { fromMs: fromMs ?? 0, toMs };
  }, [asked, nowMs]);
  const name = rangeText(asked);
  const query = {
    providerId,
    from: new Date(range.fromMs).toISOString(),
    to: stepMs === null ? new Date(range.toMs).toISOString() : undefined,
  };
  const path = withQuery('/perf', { ...query, maxPoints: MAX_POINTS });
  const series = useKept(useResource<PerfSeries>(path), `${providerId} ${name}`);
  const gaps = useGaps(query).data ?? NO_GAPS;
  const events = useModelEvents(query).data ?? NO_EVENTS;
  const views = useMemo(() => (series.data ? hostCharts(series.data) : []), [series.data]);
  const bands = useMemo(() => gapBands(gaps.rows, range), [gaps, range]);
  const ticks = useMemo(() => swapTicks(events.rows, range), [events, range]);
  const missing = [
    gaps.complete ? null : leftOut('Gaps', gaps.rows.at(-1)?.fromTs, range),
    events.complete ? null : leftOut('Loads of models', events.rows.at(-1)?.ts, range),
  ].filter((text) => text !== null);
  if (series.error && !series.data) {
    return (
      <Notice
        title="Couldn't load the history"
        action={<Button onClick={() => refresh(path)}>Try again</Button>}
      >
        {series.error.message}
      </Notice>
    );
  }
  if (!series.data) return <Awaiting>Waiting for the readings: {name}.</Awaiting>;
  if (views.length === 0) return <p className="py-8 text-center text-sm text-fg2">No readings: {name}.</p>;
  return (
    <div className="grid gap-4 md:grid-cols-2">
      {views.map((view) => (
        <figure key={view.title} className="min-w-0 rounded-lg border bg-s2 px-2 pt-2 pb-1">
          <figcaption className="px-2 text-xs font-medium">
            {view.title}
            <span className="unit">{view.unit}</span>
          </figcaption>
          <Chart view={view} range={range} bands={bands} ticks={ticks} group={`host-${providerId}`} />
        </figure>
      ))}
      {bands.length + missing.length > 0 && (
        <ul className="text-xs text-fg2 md:col-span-2">
          {bands.map(({ fromMs, text }) => (
            <li key={fromMs}>Hatched: {text}.</li>
          ))}
          {missing.map((text) => (
            <li key={text}>{text}.</li>
          ))}
        </ul>
      )}
    </div>
  );
}
