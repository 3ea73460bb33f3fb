'use client';
import { ago, exact } from '../format/time';
import { useTick } from './index';

/** "12 s ago", the exact local instant with its zone on hover. */
export function Ago({ atMs, className }: { atMs: number; className?: string }) {
  const text = useTick((nowMs) => ago(atMs, nowMs));
  return (
    <time dateTime={new Date(atMs).toISOString()} title={exact(atMs)} className={className}>
      {text}
    </time>
  );
}
