'use client';
import { plural } from '../format/number';
import { Mark } from '../ui/marks';
import { density, isDense, laneStateAt, type Lane, type LaneState } from './lanes';
import { useMoment } from './moment';
import { Plot, shareOf, type Frame } from './Plot';
import type { Range } from './range';

const WORD: Record<LaneState | 'none', string> = {
  loading: 'loading',
  ready: 'ready',
  unloading: 'unloading',
  unknown: 'unknown',
  none: 'not loaded',
};

/** When one model was loaded: its name, a bar, and in words what it was at the crosshair. */
export function LaneRow({ lane, frame }: { lane: Lane; frame: Frame }) {
  const dense = isDense(lane);
  const counts = [
    ...(lane.loads > 0 ? [plural(lane.loads, 'load')] : []),
    ...(lane.failures.length > 0 ? [`${lane.failures.length} failed`] : []),
  ].join(', ');
  return (
    <div className="stack-row h-8.5" data-lane={lane.model}>
      <Plot frame={frame}>
        <div className="flex h-4.5 items-center gap-2 pr-2 pl-11 text-2xs">
          <span className="truncate font-mono text-fg2" title={lane.model}>
            {lane.model}
          </span>
          <span className="ml-auto shrink-0 text-fg3 @2xl:hidden">
            <StateAt lane={lane} frame={frame} />
          </span>
        </div>
        <div className="relative mr-2 ml-11 h-3 border-b">
          <Bars lane={lane} range={frame.range} label={[lane.model, counts].filter(Boolean).join(': ')} />
          {lane.failures.map((ms) => (
            <span
              key={ms}
              title="load failed"
              className={`absolute top-0 -translate-x-1/2 ${dense ? 'h-1 w-px bg-error' : 'pt-0.5'}`}
              style={{ left: shareOf(ms, frame.range) }}
            >
              {!dense && <Mark tone="error" />}
            </span>
          ))}
        </div>
      </Plot>
      <div className="hidden items-end gap-2 pb-0.5 text-xs @2xl:flex">
        <span className="min-w-0 flex-1 truncate">
          <StateAt lane={lane} frame={frame} />
        </span>
        <span className={`num shrink-0 ${lane.failures.length > 0 ? 'text-error' : 'text-fg3'}`}>
          {counts}
        </span>
      </div>
    </div>
  );
}

function StateAt({ lane, frame: { range, bands } }: { lane: Lane; frame: Frame }) {
  const ms = useMoment() ?? range.toMs - 1;
  const isBlind = bands.some((band) => band.isBlind && band.fromMs <= ms && ms < band.toMs);
  const state = isBlind ? 'unknown' : (laneStateAt(lane, ms) ?? 'none');
  return (
    <span data-testid="lane-state" className={state === 'none' ? 'text-fg3' : 'text-fg'}>
      {WORD[state]}
    </span>
  );
}

const [WIDTH, HEIGHT] = [1000, 12];
/** A state has its height as well as its colour. */
const SHAPE: Record<LaneState, { tall: number; className: string }> = {
  ready: { tall: 12, className: 'fill-ready' },
  loading: { tall: 7, className: 'fill-busy' },
  unloading: { tall: 4, className: 'fill-down' },
  unknown: { tall: 2, className: 'fill-fg3' },
};
/** A load of a second is still seen in a week. */
const LEAST_WIDTH = 2;
const PARTS = 100;
/** What is normal is dim. */
const OPACITY = 0.7;
/** A model that was ready for a moment is seen too. */
const FAINT = 0.15;

function Bars({ lane, range, label }: { lane: Lane; range: Range; label: string }) {
  const x = (ms: number): number => ((ms - range.fromMs) / (range.toMs - range.fromMs)) * WIDTH;
  const dense = isDense(lane);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={dense ? `${label}; drawn as the share of time that it was ready` : label}
      data-dense={dense || undefined}
      className="block h-3 w-full"
    >
      {dense
        ? density(lane, range, PARTS).map((share, part) => (
            <rect
              key={`${part} of ${PARTS}`}
              x={(part * WIDTH) / PARTS}
              width={WIDTH / PARTS}
              height={HEIGHT}
              className="fill-ready"
              opacity={share > 0 ? FAINT + (OPACITY - FAINT) * share : 0}
            />
          ))
        : lane.spans.map(({ fromMs, toMs, state }) => (
            <rect
              key={fromMs}
              x={x(fromMs)}
              width={Math.max(LEAST_WIDTH, x(toMs) - x(fromMs))}
              y={HEIGHT - SHAPE[state].tall}
              height={SHAPE[state].tall}
              className={SHAPE[state].className}
              opacity={OPACITY}
            />
          ))}
    </svg>
  );
}
