'use client';
import type { Explain } from '@boocontrol/contracts';
import { useCallback, useEffect, useState } from 'react';
import { messageOf } from '../api/client';
import { explain } from './calls';

interface Told {
  /** The question that the answer belongs to. */
  question: string | null;
  answer: Explain | null;
  error: string | null;
}

/** After the last move of a slider. */
const SETTLED_MS = 200;
/** The fleet goes on meanwhile. */
const AGAIN_MS = 10_000;

/**
 * What would be decided, asked a moment after the question last changed, and now and then again. An answer to an older
 * question is never shown as one to a newer: it stays, marked as old, until the newer one is there.
 * @param question the body as JSON; null: nothing can be asked at the moment
 */
export function useExplain(question: string | null): Told & { isOld: boolean; again: () => void } {
  const [told, setTold] = useState<Told>({ question: null, answer: null, error: null });
  const [turn, setTurn] = useState(0);
  // External system: the gateway.
  useEffect(() => {
    if (question === null) return undefined;
    const stop = new AbortController();
    let timer = setTimeout(function ask() {
      explain(JSON.parse(question), stop.signal)
        .then(
          (answer) => setTold({ question, answer, error: null }),
          (error: unknown) => {
            if (!stop.signal.aborted) setTold((before) => ({ ...before, question, error: messageOf(error) }));
          },
        )
        .finally(() => {
          if (!stop.signal.aborted) timer = setTimeout(ask, AGAIN_MS);
        });
    }, SETTLED_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [question, turn]);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  return { ...told, isOld: told.question !== question || told.error !== null, again };
}
