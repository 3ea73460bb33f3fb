'use client';
import type { DryRun, RouteTerms } from '@boocontrol/contracts';
import { useCallback, useEffect, useRef, useState } from 'react';
import { messageOf } from '../api/client';
import { dryRun } from './calls';

/** A policy as it was asked about. */
export interface DryRunDraft {
  name: string;
  weights: RouteTerms;
}

export interface DryRunAnswer {
  told: DryRun;
  draft: DryRunDraft;
}

interface State {
  answer: DryRunAnswer | null;
  /** The draft as JSON that the answer or the error belongs to; null: nothing was asked yet. */
  question: string | null;
  error: string | null;
  isAsking: boolean;
}

const NOTHING: State = { answer: null, question: null, error: null, isAsking: false };

interface Asking extends State {
  ask: (draft: DryRunDraft) => void;
  /** Stops waiting; the gateway stops, too. */
  stop: () => void;
}

/** Holds a policy against the last day when it is asked to; the answer stays until there is a newer one. */
export function useDryRun(): Asking {
  const [state, setState] = useState<State>(NOTHING);
  const running = useRef<AbortController | null>(null);
  const stop = useCallback(() => {
    running.current?.abort();
    setState((before) => ({ ...before, isAsking: false }));
  }, []);
  const ask = useCallback((draft: DryRunDraft) => {
    running.current?.abort();
    const own = (running.current = new AbortController());
    const question = JSON.stringify(draft);
    setState((before) => ({ ...before, error: null, isAsking: true }));
    const settle = (more: Partial<State>): void => {
      if (!own.signal.aborted) setState((before) => ({ ...before, question, isAsking: false, ...more }));
    };
    dryRun({ draft }, own.signal).then(
      (told) => settle({ answer: { told, draft }, error: null }),
      (error: unknown) => settle({ error: messageOf(error) }),
    );
  }, []);
  // External system: what is still asked when nobody looks any more.
  useEffect(() => () => running.current?.abort(), []);
  return { ...state, ask, stop };
}
