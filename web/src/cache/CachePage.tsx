'use client';
import { lazy } from 'react';
import { useHydrated } from '../browser/hydrated';
import { Panel } from '../ui/Panel';

const load = () => import('./CacheBoard');
const CacheBoard = lazy(load);
// Before React has taken over the page.
if (typeof window !== 'undefined') void load();

/** The page's own script comes after the shell's, while the socket is being opened. */
export function CachePage() {
  if (!useHydrated()) return null;
  return (
    <Panel what="the prompt cache">
      <CacheBoard />
    </Panel>
  );
}
