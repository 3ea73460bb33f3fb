'use client';
import type { BenchEstimate } from '@boocontrol/contracts';
import { useEffect, useState } from 'react';
import { estimate, type Wanted } from './calls';

interface Estimated {
  /** What it was asked for. */
  question: string;
  data: BenchEstimate | null;
  error: Error | null;
}

/** While somebody chooses, only the last choice is asked about. */
const SETTLE_MS = 300;

/** What a run would be, asked again when the choice has settled; null as `wanted` asks nothing. External system: the gateway. */
export function useEstimate(wanted: Wanted | null): Estimated & { isCurrent: boolean } {
  const question = wanted === null ? '' : JSON.stringify(wanted);
  const [known, setKnown] = useState<Estimated>({ question: '', data: null, error: null });
  useEffect(() => {
    if (question === '') return undefined;
    const leave = new AbortController();
    const timer = setTimeout(() => {
      estimate(JSON.parse(question) as Wanted, leave.signal).then(
        (data) => setKnown({ question, data, error: null }),
        (error: Error) => {
          if (!leave.signal.aborted) setKnown({ question, data: null, error });
        },
      );
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      leave.abort();
    };
  }, [question]);
  return { ...known, isCurrent: known.question === question };
}
