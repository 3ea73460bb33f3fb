'use client';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { FeedStore } from './feed-store';

/**
 * Why rows must not move: the reader paused, is further down, has the pointer over the list, a finger on it or the
 * keyboard's focus in it. A row that is aimed at stays where it is; new ones wait behind the pill.
 */
export type HoldReason = 'paused' | 'below' | 'pointer' | 'touch' | 'focus';

export interface Hold {
  /** By the reader's own doing, which a button tells and takes back; the others pass by themselves. */
  isPaused: boolean;
  set: (reason: HoldReason, holds: boolean) => void;
  /** Grows with every time that the waiting rows were let in while the list holds. */
  letIns: number;
  letIn: () => void;
}

export function useHold(store: FeedStore): Hold {
  const reasons = useRef(new Set<HoldReason>());
  const [isPaused, setPaused] = useState(false);
  const [letIns, setLetIns] = useState(0);
  const apply = useCallback(() => {
    const { current } = reasons;
    store.follow(current.size === 0);
    setPaused(current.has('paused') || current.has('below'));
  }, [store]);
  // External system: the store of another filter starts as if nothing held it.
  useEffect(apply, [apply]);
  const set = useCallback(
    (reason: HoldReason, holds: boolean) => {
      const { current } = reasons;
      if (current.has(reason) === holds) return;
      if (holds) current.add(reason);
      else current.delete(reason);
      apply();
    },
    [apply],
  );
  const letIn = useCallback(() => {
    store.letIn();
    setLetIns((before) => before + 1);
  }, [store]);
  return useMemo(() => ({ isPaused, set, letIns, letIn }), [isPaused, set, letIns, letIn]);
}

/** The value as it was when it was frozen, or when `version` last changed. */
export function useFrozen<T>(value: T, frozen: boolean, version: number): T {
  const [kept, setKept] = useState({ value, version });
  if (kept.version !== version || (!frozen && kept.value !== value)) setKept({ value, version });
  return frozen && kept.version === version ? kept.value : value;
}
