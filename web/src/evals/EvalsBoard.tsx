'use client';
import type { Room } from '@boocontrol/contracts';
import { lazy } from 'react';
import { useQuery } from '../browser/query';
import { useRooms } from '../live/rooms';
import { Panel } from '../ui/Panel';
import { viewOf } from './address';

const LeaderboardView = lazy(() => import('./LeaderboardView'));
const RunsView = lazy(() => import('./RunsView'));
const RunView = lazy(() => import('./RunView'));
const SuitesView = lazy(() => import('./SuitesView'));

const ROOMS: readonly Room[] = ['fleet', 'jobs'];

/** How good models of hosts are: who is better at what, what was asked, and by what suites. */
export default function EvalsBoard() {
  useRooms(ROOMS);
  const [query] = useQuery();
  const run = query.get('run');
  const view = viewOf(query.get('what'));
  if (run !== null)
    return (
      <Panel key={run} what="the run">
        <RunView id={run} />
      </Panel>
    );
  return (
    <Panel key={view} what={view === 'board' ? 'the leaderboard' : `the ${view}`}>
      {view === 'board' && <LeaderboardView />}
      {view === 'runs' && <RunsView />}
      {view === 'suites' && <SuitesView />}
    </Panel>
  );
}
