'use client';
import type { Problem } from '@boocontrol/contracts';
import { useEffect, useRef } from 'react';
import { holderOf, insistVerb, untilWords } from '../control/refusal';
import { useTick } from '../live';
import { Button } from '../ui/controls';
import { WarningIcon } from '../ui/icons';

interface InsistProps {
  problem: Problem;
  /** What requests of others touch: "cells". */
  touched: string;
  busy: boolean;
  onInsist: () => void;
  onLeave: () => void;
}

/** Asked before a host is measured that others use: who they are, and what it does to them. */
export function Insist({ problem, touched, busy, onInsist, onLeave }: InsistProps) {
  const holder = holderOf(problem);
  const until = useTick((nowMs) => (holder ? untilWords(holder.until, nowMs) : ''));
  const box = useRef<HTMLDivElement>(null);
  // External system: the focus. The button that asked is out of use until this is answered.
  useEffect(() => {
    box.current?.focus();
    box.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div
      ref={box}
      tabIndex={-1}
      role="alertdialog"
      aria-label="Measure in spite of it?"
      className="flex flex-col gap-2 rounded-md border border-busy/50 bg-busy/8 px-3 py-2 text-sm"
    >
      <p className="flex gap-2">
        <WarningIcon className="mt-0.5 size-4 shrink-0 text-busy" />
        <span className="min-w-0 [overflow-wrap:anywhere]">
          {holder ? (
            <>
              <strong className="font-semibold">{holder.holder}</strong> has the host
              {holder.purpose !== null && <> for “{holder.purpose}”</>}, {until}.
            </>
          ) : (
            problem.message
          )}
        </span>
      </p>
      <p className="text-fg2">
        {holder
          ? 'Who takes over ends that; they are told.'
          : `Nobody is stopped by it, but they wait longer; ${touched} that their requests touch are marked as contaminated.`}
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onLeave}>Not now</Button>
        <Button look="danger" className="bg-s1" disabled={busy} onClick={onInsist}>
          {busy ? 'Beginning…' : insistVerb(problem)}
        </Button>
      </div>
    </div>
  );
}
