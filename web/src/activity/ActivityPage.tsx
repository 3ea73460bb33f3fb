'use client';
import { lazy, Suspense } from 'react';

const ActivityBoard = lazy(() => import('./ActivityBoard'));

/** The page's own script comes after the shell's, while the socket is being opened. */
export function ActivityPage() {
  return (
    <Suspense>
      <ActivityBoard />
    </Suspense>
  );
}
