'use client';
import type { Room } from '@boocontrol/contracts';
import { lazy } from 'react';
import { useDrawer } from '../browser/use-drawer';
import { useQuery } from '../browser/query';
import { useRooms } from '../live/rooms';
import { Panel } from '../ui/Panel';
import { viewOf } from './address';

const Overview = lazy(() => import('./Overview'));
const DriftsView = lazy(() => import('./DriftsView'));
const SessionsView = lazy(() => import('./SessionsView'));
const DriftDrawer = lazy(() => import('./DriftDrawer'));
const SessionDrawer = lazy(() => import('./SessionDrawer'));

const ROOMS: readonly Room[] = ['fleet'];

/** How much of prompts hosts need not read again, what stands in the way of that, and what it costs. */
export default function CacheBoard() {
  useRooms(ROOMS);
  const [query] = useQuery();
  const view = viewOf(query.get('what'));
  const drift = useDrawer('drift');
  const session = useDrawer('session');
  return (
    <div className="flex h-full flex-col">
      <Panel key={view} what={view === 'overview' ? 'the prompt cache' : `the ${view}`}>
        {view === 'overview' && <Overview onDrift={drift.open} />}
        {view === 'drifts' && <DriftsView onDrift={drift.open} />}
        {view === 'sessions' && <SessionsView onSession={session.open} />}
      </Panel>
      {/* A drift stands in the place of the session that it was opened from, which comes back. */}
      <Panel what="what is opened">
        {session.opened !== null && drift.opened === null && (
          <SessionDrawer
            key={session.opened}
            session={session.opened}
            onDrift={drift.open}
            onClose={session.close}
          />
        )}
        {drift.opened !== null && <DriftDrawer key={drift.opened} id={drift.opened} onClose={drift.close} />}
      </Panel>
    </div>
  );
}
