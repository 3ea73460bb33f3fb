'use client';
import { lazy } from 'react';
import { Panel } from '../ui/Panel';

const HostBoard = lazy(() => import('./HostBoard'));

/** The page's own script comes after the shell's, while the socket is being opened. */
export function HostPage() {
  return (
    <Panel what="the host">
      <HostBoard />
    </Panel>
  );
}
