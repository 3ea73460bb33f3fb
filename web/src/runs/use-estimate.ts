'use client';
import { useEffect, useRef, useState } from 'react';

interface Estimated<Data> {
  /** What it was asked for. */
  question: string;
  data: Data | null;
  error: Error | null;
}

/** While somebody chooses, only the last choice is asked about. */
const SETTLE_MS = 300;

/**
 * What a run would be, asked again when the choice has settled; null as `wanted` asks nothing. External system: the gateway.
 * @param ask the call that answers it
 */
export function useEstimate<Wanted, Data>(
  wanted: Wanted | null,
  ask: (wanted: Wanted, signal: AbortSignal) => Promise<Data>,
): Estimated<Data> & { isCurrent: boolean } {
  const question = wanted === null ? '' : JSON.stringify(wanted);
  const [known, setKnown] = useState<Estimated<Data>>({ question: '', data: null, error: null });
  const newest = useRef(ask);
  useEffect(() => {
    newest.current = ask;
  });
  useEffect(() => {
    if (question === '') return undefined;
    const leave = new AbortController();
    const timer = setTimeout(() => {
      newest.current(JSON.parse(question) as Wanted, leave.signal).then(
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
