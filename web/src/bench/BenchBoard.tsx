'use client';
import type { Room } from '@boocontrol/contracts';
import { lazy } from 'react';
import { useQuery } from '../browser/query';
import { useRooms } from '../live/rooms';
import { Panel } from '../ui/Panel';
import { viewOf } from './address';

const RunsView = lazy(() => import('./RunsView'));
const RunView = lazy(() => import('./RunView'));
const HistoryView = lazy(() => import('./HistoryView'));
const SuitesView = lazy(() => import('./SuitesView'));
const SchedulesView = lazy(() => import('./SchedulesView'));

const ROOMS: readonly Room[] = ['fleet', 'jobs'];

/** How fast models of hosts are: what was measured, what is under way, by what suites, and when by itself. */
export default function BenchBoard() {
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
    <Panel key={view} what={`the ${view}`}>
      {view === 'runs' && <RunsView />}
      {view === 'history' && <HistoryView />}
      {view === 'suites' && <SuitesView />}
      {view === 'schedules' && <SchedulesView />}
    </Panel>
  );
}
