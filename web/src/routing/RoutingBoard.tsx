'use client';
import type { Room } from '@boocontrol/contracts';
import { lazy } from 'react';
import { useQuery } from '../browser/query';
import { useRooms } from '../live/rooms';
import { PageHead } from '../page/PageHead';
import { Panel } from '../ui/Panel';
import { RoutingViews } from './RoutingViews';
import { viewOf } from './views';

const RequestsView = lazy(() => import('./RequestsView'));
const HostsView = lazy(() => import('./HostsView'));
const PoliciesBoard = lazy(() => import('../policies/PoliciesBoard'));

const ROOMS: readonly Room[] = ['fleet', 'routing'];

/** What came through /v1 and where it went; the hosts behind it; by what rules they are chosen. */
export default function RoutingBoard() {
  useRooms(ROOMS);
  const [query] = useQuery();
  const view = viewOf(query.get('what'));
  return (
    <div className="flex h-full flex-col">
      {view !== 'requests' && <PageHead title="Routing" filters={<RoutingViews />} />}
      <Panel key={view} what={view === 'requests' ? 'the requests' : `the ${view}`}>
        {view === 'requests' && <RequestsView />}
        {view === 'hosts' && <HostsView />}
        {view === 'policies' && <PoliciesBoard />}
      </Panel>
    </div>
  );
}
