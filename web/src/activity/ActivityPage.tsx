'use client';
import { lazy } from 'react';
import { useHydrated } from '../browser/hydrated';
import { useQuery } from '../browser/query';
import { Panel } from '../ui/Panel';
import { viewOf } from './ActivityViews';

const load = () => import('./ActivityBoard');
const ActivityBoard = lazy(load);
const InFlightBoard = lazy(() => import('./in-flight/InFlightBoard'));
// Before React has taken over the page.
if (typeof window !== 'undefined') void load();

/** The page's own script comes after the shell's, while the socket is being opened. */
export function ActivityPage() {
  const [query] = useQuery();
  const isHydrated = useHydrated();
  if (!isHydrated) return null;
  const view = viewOf(query.get('what'));
  return (
    <Panel key={view} what={view === 'requests' ? 'the activity' : 'what is in flight'}>
      {view === 'requests' ? <ActivityBoard /> : <InFlightBoard />}
    </Panel>
  );
}
