'use client';
import { clock } from '../format/time';
import { useLive } from './index';

/** For what covers the page's own banner: that the live connection is lost, and what its content is from. */
export function StaleNote() {
  const { phase, sinceMs } = useLive(({ link }) => link);
  if (phase !== 'lost') return null;
  return (
    <p role="status" className="mb-4 rounded-md border border-error/50 bg-error/12 px-3 py-2 text-sm">
      The live connection is lost. What is shown is from {clock(sinceMs, Date.now())}.
    </p>
  );
}
