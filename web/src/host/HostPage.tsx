'use client';
import { lazy, Suspense } from 'react';

const HostBoard = lazy(() => import('./HostBoard'));

/** The page's own script comes after the shell's, while the socket is being opened. */
export function HostPage() {
  return (
    <Suspense>
      <HostBoard />
    </Suspense>
  );
}
