import type { ReactNode } from 'react';
import { toneText, type Tone } from './tone';

/** Every tone has its own shape, so that colour is never the only sign. */
export function Mark({ tone, pulses = false }: { tone: Tone; pulses?: boolean }) {
  return (
    <svg
      viewBox="0 0 10 10"
      aria-hidden
      className={`size-2.5 shrink-0 ${toneText[tone]} ${pulses ? 'animate-pulse-state' : ''}`}
    >
      {SHAPE[tone]}
    </svg>
  );
}

const SHAPE: Record<Tone, ReactNode> = {
  ready: <circle cx="5" cy="5" r="4" fill="currentColor" />,
  busy: <path d="M5 .8 9.2 5 5 9.2.8 5Z" fill="currentColor" />,
  error: <path d="m1.5 1.5 7 7m0-7-7 7" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" />,
  down: <circle cx="5" cy="5" r="3.3" fill="none" stroke="currentColor" strokeWidth="1.6" />,
  own: <path d="M5 1 9 8.5H1Z" fill="currentColor" />,
  neutral: <path d="M1.5 5h7" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />,
};

const CHIP: Record<Tone, string> = {
  ready: 'bg-ready/12 text-ready',
  busy: 'bg-busy/12 text-busy',
  error: 'bg-error/14 text-error',
  down: 'bg-s3 text-fg2',
  own: 'bg-own/14 text-own',
  neutral: 'bg-s3 text-fg2',
};

export function Chip({ tone, pulses, children }: { tone: Tone; pulses?: boolean; children: ReactNode }) {
  return (
    <span
      className={`inline-flex h-5 items-center gap-1.5 rounded-full px-2 text-2xs font-medium whitespace-nowrap ${CHIP[tone]}`}
    >
      <Mark tone={tone} pulses={pulses ?? false} />
      {children}
    </span>
  );
}

export function Tag({ children }: { children: ReactNode }) {
  return (
    <span className="inline-block max-w-32 truncate rounded border border-line px-1.5 text-2xs text-fg2">
      {children}
    </span>
  );
}
