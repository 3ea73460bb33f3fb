'use client';
import { lazy, Suspense } from 'react';

const FleetBoard = lazy(() => import('./FleetBoard'));

/** The page's own script comes after the shell's, while the socket is being opened. */
export function FleetPage() {
  return (
    <Suspense>
      <FleetBoard />
    </Suspense>
  );
}
