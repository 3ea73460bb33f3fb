'use client';
import { lazy, Suspense, useState } from 'react';
import { reading } from '../format/number';
import { useMoment } from './moment';
import { seriesToken } from './palette';
import { Plot, type Frame } from './Plot';
import { highest, valueAt, type ChartView, type Series } from './views';

const Chart = lazy(() => import('./Chart'));
const NONE_HIDDEN: ReadonlySet<string> = new Set();

/** Past so many lines their readings take more room than a plot of the usual height. */
const MANY = 4;

interface ChartRowProps {
  view: ChartView;
  frame: Frame;
  /** How long a reading stands for the time after it. */
  staysMs: number;
}

/** One chart of the stack; its legend is the readout: what each line says, and its highest. */
export function ChartRow({ view, frame, staysMs }: ChartRowProps) {
  const [hidden, setHidden] = useState(NONE_HIDDEN);
  const toggle = (name: string): void => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    setHidden(next);
  };
  return (
    <section aria-label={view.title} className="stack-row break-inside-avoid">
      <div className="min-w-0">
        <h3 className="pt-2 pl-11 text-xs font-medium">
          {view.title}
          <span className="unit">{view.unit}</span>
        </h3>
        <Plot frame={frame}>
          <div
            className={view.series.length > MANY ? 'h-36' : 'h-28'}
            role="img"
            aria-label={`${view.title} over time; its figures are beside it`}
          >
            <Suspense>
              <Chart view={view} range={frame.range} hidden={hidden} />
            </Suspense>
          </div>
        </Plot>
      </div>
      <div className="flex flex-col @2xl:pt-8">
        {view.series.map((series, index) => (
          <ReadoutRow
            key={series.name}
            series={series}
            index={index}
            digits={view.digits}
            staysMs={staysMs}
            isOn={!hidden.has(series.name)}
            onToggle={view.series.length > 1 ? () => toggle(series.name) : null}
          />
        ))}
      </div>
    </section>
  );
}

interface ReadoutRowProps {
  series: Series;
  index: number;
  digits: 0 | 1;
  staysMs: number;
  isOn: boolean;
  /** null: it is alone. */
  onToggle: (() => void) | null;
}

function ReadoutRow({ series, index, digits, staysMs, isOn, onToggle }: ReadoutRowProps) {
  const { name, points } = series;
  const ms = useMoment();
  const last = points.at(-1);
  const value = ms === null ? (last?.[1] ?? null) : valueAt(points, ms, staysMs);
  const label = (
    <>
      <i
        aria-hidden
        className={`h-0.5 w-3 shrink-0 rounded-full ${isOn ? '' : 'opacity-25'}`}
        style={{ background: `var(${seriesToken(index)})` }}
      />
      <span className={`truncate ${isOn ? '' : 'line-through'}`}>{name}</span>
    </>
  );
  return (
    <div className={`readout h-4.5 text-xs ${onToggle ? 'pointer-coarse:h-8' : ''}`} data-series={name}>
      {onToggle ? (
        <button
          type="button"
          aria-pressed={isOn}
          title={isOn ? `Hide ${name}` : `Show ${name}`}
          onClick={onToggle}
          className="col-span-2 flex h-full min-w-0 items-center gap-2 rounded text-left text-fg2 hover:text-fg"
        >
          {label}
        </button>
      ) : (
        <span className="col-span-2 flex min-w-0 items-center gap-2 text-fg2">{label}</span>
      )}
      <span className="num text-right" data-testid="at">
        {reading(value, digits)}
      </span>
      <span className="num text-right text-fg3">{reading(highest(points), digits)}</span>
    </div>
  );
}
