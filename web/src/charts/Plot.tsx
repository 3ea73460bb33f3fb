'use client';
import { useContext, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { exactClock } from '../format/time';
import type { Band } from './bands';
import { MomentContext, useMoment } from './moment';
import type { Range } from './range';
import { timeMarks } from './time-marks';

/** What every plot of a stack shows alike. */
export interface Frame {
  range: Range;
  bands: readonly Band[];
  /** A part of the range was drawn over with the pointer. */
  onZoom: (range: Range) => void;
}

/** Where on the axis a moment is, for `left`. */
export const shareOf = (ms: number, { fromMs, toMs }: Range): string =>
  `${((ms - fromMs) / (toMs - fromMs)) * 100}%`;
const widthOf = (part: Range, { fromMs, toMs }: Range): string =>
  `${((part.toMs - part.fromMs) / (toMs - fromMs)) * 100}%`;
/** A drag of fewer pixels is a click that shook. */
const LEAST_DRAG_PX = 8;

/** A row of the stack over the shared time axis: its content, and over it gaps, marks of time and the crosshair. */
export function Plot({ frame, children }: { frame: Frame; children: ReactNode }) {
  return (
    <div className="relative min-w-0">
      <div className="absolute inset-y-0 right-2 left-11 overflow-hidden">
        {timeMarksOf(frame.range).map((ms) => (
          <i
            key={ms}
            className="absolute inset-y-0 border-l border-line/70"
            style={{ left: shareOf(ms, frame.range) }}
          />
        ))}
      </div>
      <div className="relative">{children}</div>
      <Pointing frame={frame}>
        {frame.bands.map(({ fromMs, toMs, text }) => (
          <i
            key={`${fromMs} ${text}`}
            title={text}
            className="hatched absolute inset-y-0 min-w-px"
            style={{ left: shareOf(fromMs, frame.range), width: widthOf({ fromMs, toMs }, frame.range) }}
          />
        ))}
        <Crosshair range={frame.range} />
      </Pointing>
    </div>
  );
}

export const timeMarksOf = (range: Range): number[] =>
  timeMarks(range, -new Date(range.toMs).getTimezoneOffset() * 60_000);

function Crosshair({ range }: { range: Range }) {
  const ms = useMoment();
  if (ms === null || ms < range.fromMs || ms > range.toMs) return null;
  return <i className="absolute inset-y-0 border-l border-fg2" style={{ left: shareOf(ms, range) }} />;
}

/** Moves the crosshair with the pointer; a drag picks a part of the range. */
function Pointing({ frame: { range, onZoom }, children }: { frame: Frame; children: ReactNode }) {
  const moment = useContext(MomentContext);
  const start = useRef<{ x: number; ms: number } | null>(null);
  const [picked, setPicked] = useState<Range | null>(null);
  const msAt = (event: PointerEvent<HTMLElement>): number => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - left) / width));
    return Math.round(range.fromMs + share * (range.toMs - range.fromMs));
  };
  const move = (event: PointerEvent<HTMLElement>): void => {
    const ms = msAt(event);
    moment.set(ms);
    const from = start.current;
    if (!from || Math.abs(event.clientX - from.x) < LEAST_DRAG_PX) return;
    setPicked({ fromMs: Math.min(from.ms, ms), toMs: Math.max(from.ms, ms) });
  };
  const end = (): void => {
    if (start.current && picked) onZoom(picked);
    start.current = null;
    setPicked(null);
  };
  return (
    <div
      className="absolute inset-y-0 right-2 left-11 cursor-crosshair touch-pan-y overflow-hidden select-none"
      onPointerDown={(event) => {
        moment.set(msAt(event));
        if (event.button !== 0 || event.pointerType !== 'mouse') return;
        start.current = { x: event.clientX, ms: msAt(event) };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={() => {
        start.current = null;
        setPicked(null);
      }}
      onPointerLeave={(event) => {
        if (event.pointerType === 'mouse') moment.set(null);
      }}
    >
      {children}
      {picked && (
        <i
          className="absolute inset-y-0 bg-accent/20"
          style={{ left: shareOf(picked.fromMs, range), width: widthOf(picked, range) }}
        />
      )}
    </div>
  );
}

/** Steps of the arrow keys over the range. */
const STEPS = 120;

/** The crosshair for the keyboard: one stop for all charts. */
export function MomentSlider({ range }: { range: Range }) {
  const moment = useContext(MomentContext);
  const ms = useMoment();
  const step = (range.toMs - range.fromMs) / STEPS;
  const at = ms ?? range.toMs;
  const moves: Readonly<Record<string, number | null>> = {
    ArrowLeft: at - step,
    ArrowRight: at + step,
    PageDown: at - 10 * step,
    PageUp: at + 10 * step,
    Home: range.fromMs,
    End: range.toMs,
    Escape: null,
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = moves[event.key];
    if (next === undefined || (next === null && ms === null)) return;
    event.preventDefault();
    moment.set(next === null ? null : Math.round(Math.min(range.toMs, Math.max(range.fromMs, next))));
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label="Moment that the readings are of"
      aria-valuemin={range.fromMs}
      aria-valuemax={range.toMs}
      aria-valuenow={at}
      aria-valuetext={ms === null ? 'latest' : exactClock(ms, range.toMs)}
      title="Arrow keys move the crosshair, Escape lets it go"
      onKeyDown={onKeyDown}
      onBlur={() => moment.set(null)}
      className="absolute inset-y-0 right-2 left-11"
    />
  );
}
