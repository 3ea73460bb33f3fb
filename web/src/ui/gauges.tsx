import type { Quantity } from '../format/number';
import type { Reading } from './reading';

const LEVEL = { normal: 'text-accent', high: 'text-busy', critical: 'text-error' } as const;

const RADIUS = 17;
const SWEEP = 0.75;
const CIRCLE = 2 * Math.PI * RADIUS;

/** Three quarters of a circle with the figure inside and its unit in the opening. */
export function Arc({ label, reading }: { label: string; reading: Reading }) {
  const { value, unit, fraction, level } = reading;
  return (
    <div
      className="relative size-11"
      role="img"
      aria-label={`${label}: ${value} ${unit}`}
      title={`${label}: ${value} ${unit}`}
    >
      <svg viewBox="0 0 40 40" className={`size-full -rotate-225 ${LEVEL[level]}`} aria-hidden>
        <Stroke length={SWEEP} className="text-s3" />
        <Stroke length={SWEEP * (fraction ?? 0)} className="transition-[stroke-dasharray] duration-200" />
      </svg>
      <span className="num absolute inset-0 grid place-items-center text-2xs leading-none font-medium">
        {value}
      </span>
      <span className="absolute inset-x-0 bottom-0 text-center text-[0.5625rem] leading-none text-fg3">
        {unit}
      </span>
    </div>
  );
}

/** A figure of the size of an arc, for what has no end of its scale. */
export function Figure({ label, figure: { value, unit } }: { label: string; figure: Quantity }) {
  return (
    <div
      className="relative grid size-11 place-items-center"
      role="img"
      aria-label={`${label}: ${value} ${unit}`}
      title={`${label}: ${value} ${unit}`}
    >
      <span className="num text-xs leading-none font-medium">{value}</span>
      <span className="absolute inset-x-0 bottom-0 text-center text-[0.5625rem] leading-none text-fg3">
        {unit}
      </span>
    </div>
  );
}

function Stroke({ length, className }: { length: number; className: string }) {
  return (
    <circle
      cx="20"
      cy="20"
      r={RADIUS}
      fill="none"
      stroke="currentColor"
      strokeWidth="3"
      strokeLinecap={length > 0 ? 'round' : 'butt'}
      strokeDasharray={`${length * CIRCLE} ${CIRCLE}`}
      className={className}
    />
  );
}

const FILL = { normal: 'bg-accent', high: 'bg-busy', critical: 'bg-error' } as const;

export function Bar({ label, text, reading }: { label: string; text: string; reading: Reading }) {
  return (
    <div
      className="h-1.5 overflow-hidden rounded-full bg-s3"
      role="img"
      aria-label={`${label}: ${text}`}
      title={`${label}: ${text}`}
    >
      <div
        className={`h-full rounded-full transition-[width] duration-200 ${FILL[reading.level]}`}
        style={{ width: `${(reading.fraction ?? 0) * 100}%` }}
      />
    </div>
  );
}

const RING_RADIUS = 13;
const RING_CIRCLE = 2 * Math.PI * RING_RADIUS;

/** Time left of a whole, the seconds in the middle (minutes past 999 s). */
export function Ring({ leftS, ofS, label }: { leftS: number; ofS: number; label: string }) {
  const left = Math.ceil(leftS);
  return (
    <div className="relative size-9" role="img" aria-label={label} title={label}>
      <svg viewBox="0 0 32 32" className="size-full -rotate-90 text-accent" aria-hidden>
        <circle cx="16" cy="16" r={RING_RADIUS} fill="none" strokeWidth="2" className="stroke-s3" />
        <circle
          cx="16"
          cy="16"
          r={RING_RADIUS}
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeDasharray={`${(ofS > 0 ? leftS / ofS : 0) * RING_CIRCLE} ${RING_CIRCLE}`}
          className="transition-[stroke-dasharray] duration-200"
        />
      </svg>
      <span className="num absolute inset-0 grid place-items-center text-2xs leading-none font-medium">
        {left > 999 ? `${Math.round(left / 60)}m` : left}
      </span>
    </div>
  );
}
