'use client';
import { lazy, Suspense, useState, type PointerEvent } from 'react';
import { seriesToken } from './palette';
import { nearestX, pointAt, pointWords, topOf, xWords, type XySeries, type XyView } from './xy';

const XyChart = lazy(() => import('./XyChart'));
const NONE_HIDDEN: ReadonlySet<string> = new Set();

interface XyProps {
  view: XyView;
  /** There are too many points for a table of them. */
  many?: boolean;
  /** It is what the page is about. */
  tall?: boolean;
}

/** A chart with a legend that toggles and reads, and its figures as a table for whoever cannot see it. */
export function Xy({ view, many = false, tall = false }: XyProps) {
  const [hidden, setHidden] = useState(NONE_HIDDEN);
  const [x, setX] = useState<number | null>(null);
  const toggle = (name: string): void => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    setHidden(next);
  };
  const point = (event: PointerEvent<HTMLDivElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const at = view.from + ((event.clientX - left) / width) * (view.to - view.from);
    setX(nearestX(view.series, at));
  };
  const shareOf = (at: number): string => `${((at - view.from) / (view.to - view.from)) * 100}%`;
  return (
    <section aria-label={view.title} className="min-w-0 break-inside-avoid">
      <h3 className="flex flex-wrap items-baseline gap-x-2 text-xs font-medium">
        <span>
          {view.title}
          <span className="unit">{view.unit}</span>
        </span>
        <span className="num ml-auto font-normal text-fg3">
          {x === null ? `by ${view.xName}` : xWords(view, x)}
        </span>
      </h3>
      <div className="relative">
        <div
          className={tall ? 'h-80' : 'h-48'}
          role="img"
          aria-label={`${view.title} by ${view.xName}${many ? '' : '; the figures are in the table below'}`}
        >
          <Suspense>
            <XyChart view={view} hidden={hidden} />
          </Suspense>
        </div>
        <div
          className="absolute top-2 right-2 bottom-5.5 left-11 overflow-hidden"
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={() => setX(null)}
        >
          {view.events?.map(({ at, text }) => (
            <span
              key={`${at} ${text}`}
              title={text}
              className="absolute inset-y-0 border-l border-dashed border-line-strong pl-1 text-2xs whitespace-nowrap text-fg3"
              style={{ left: shareOf(at) }}
            >
              {text}
            </span>
          ))}
          <Labels view={view} hidden={hidden} />
          {x !== null && (
            <i className="absolute inset-y-0 border-l border-fg2" style={{ left: shareOf(x) }} />
          )}
        </div>
      </div>
      <ul className="flex flex-wrap gap-x-4 pl-11 text-xs">
        {view.series.map((series) => (
          <Key
            key={series.name}
            series={series}
            view={view}
            x={x}
            isOn={!hidden.has(series.name)}
            onToggle={view.series.length > 1 ? () => toggle(series.name) : null}
          />
        ))}
      </ul>
      {!many && <Figures view={view} />}
    </section>
  );
}

/** What is written above points and their intervals; near the edges it begins or ends there. */
function Labels({ view, hidden }: { view: XyView; hidden: ReadonlySet<string> }) {
  const top = topOf(view.series, view.counts);
  return view.series
    .filter(({ name }) => !hidden.has(name))
    .flatMap(({ points }) => points)
    .map(({ x, y, high, label }) => {
      if (label === undefined) return null;
      const at = (x - view.from) / (view.to - view.from);
      const side = at > 0.75 ? { right: `${100 * (1 - at)}%` } : { left: `${100 * at}%` };
      return (
        <span
          key={`${x} ${label}`}
          aria-hidden
          className={`pointer-events-none absolute max-w-[40%] truncate text-2xs leading-4 text-fg2 ${at > 0.25 && at <= 0.75 ? '-translate-x-1/2' : ''}`}
          style={{ ...side, bottom: `min(${(100 * (high ?? y)) / top}%, 100% - 1rem)` }}
        >
          {label}
        </span>
      );
    });
}

interface KeyProps {
  series: XySeries;
  view: XyView;
  x: number | null;
  isOn: boolean;
  /** null: it is alone. */
  onToggle: (() => void) | null;
}

function Key({ series, view, x, isOn, onToggle }: KeyProps) {
  const point = x === null ? null : pointAt(series, x);
  const text = (
    <>
      <Sign series={series} isOn={isOn} />
      <span className={isOn ? '' : 'line-through'}>{series.name}</span>
    </>
  );
  return (
    <li className="flex h-6 items-center gap-1.5 text-fg2 pointer-coarse:h-10">
      {onToggle ? (
        <button
          type="button"
          aria-pressed={isOn}
          title={isOn ? `Hide ${series.name}` : `Show ${series.name}`}
          onClick={onToggle}
          className="flex h-full items-center gap-1.5 rounded text-left hover:text-fg"
        >
          {text}
        </button>
      ) : (
        text
      )}
      {point && <span className="num text-fg">{pointWords(point, view.sayY)}</span>}
    </li>
  );
}

function Sign({ series: { looks, color }, isOn }: { series: XySeries; isOn: boolean }) {
  const fill = `var(${seriesToken(color)})`;
  return (
    <svg viewBox="0 0 12 10" aria-hidden className={`h-2.5 w-3 shrink-0 ${isOn ? '' : 'opacity-25'}`}>
      {looks === 'line' && <path d="M0 5h12" stroke={fill} strokeWidth="2" />}
      {(looks === 'dots' || looks === 'points') && <circle cx="6" cy="5" r="2.5" fill={fill} />}
      {looks === 'triangles' && <path d="M6 1 10.5 9h-9Z" fill={fill} />}
    </svg>
  );
}

function Figures({ view }: { view: XyView }) {
  const xs = [...new Set(view.series.flatMap(({ points }) => points.map(({ x }) => x)))].toSorted(
    (a, b) => a - b,
  );
  return (
    <details className="pl-11 text-xs">
      <summary className="text-fg3 hover:text-fg pointer-coarse:py-3">As a table</summary>
      <div className="overflow-x-auto" tabIndex={0} role="group" aria-label={`${view.title}, as a table`}>
        <table className="num my-1">
          <thead>
            <tr>
              <th scope="col" className="pr-4 text-left font-normal text-fg3">
                {view.xName}
              </th>
              {view.series.map(({ name }) => (
                <th key={name} scope="col" className="px-2 text-right font-normal text-fg3">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {xs.map((x) => (
              <tr key={x}>
                <th scope="row" className="pr-4 text-left font-normal text-fg2">
                  {xWords(view, x)}
                </th>
                {view.series.map((series) => {
                  const point = pointAt(series, x);
                  return (
                    <td key={series.name} className="px-2 text-right whitespace-nowrap">
                      {point ? pointWords(point, view.sayY) : '–'}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
