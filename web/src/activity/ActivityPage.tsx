'use client';
import { lazy, Suspense } from 'react';
import { useHydrated } from '../browser/hydrated';

const load = () => import('./ActivityBoard');
const ActivityBoard = lazy(load);
// Before React has taken over the page.
if (typeof window !== 'undefined') void load();

/** The page's own script comes after the shell's, while the socket is being opened. */
export function ActivityPage() {
  if (!useHydrated()) return null;
  return (
    <Suspense>
      <ActivityBoard />
    </Suspense>
  );
}
