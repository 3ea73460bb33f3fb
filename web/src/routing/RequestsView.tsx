'use client';
import type { DispatchesPage, RouteFact } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { refresh, useResource } from '../api/resource';
import { hostName } from '../control/names';
import { duration, spoken } from '../format/number';
import { Ago } from '../live/Ago';
import type { Column } from '../page/columns';
import Table from '../page/Table';
import { Awaiting, Button, Notice } from '../ui/controls';
import { useDrawer } from '../browser/use-drawer';

const PATH = '/routing/dispatches?limit=100';
const EVERY_MS = 5_000;

const COLUMNS: readonly Column<RouteFact>[] = [
  { id: 'at', name: 'When', minPx: 84, fixed: true, render: ({ at }) => <Ago atMs={instantToMs(at)} /> },
  { id: 'asked', name: 'Asked for', minPx: 140, grow: 1, fixed: true, render: ({ asked }) => asked },
  {
    id: 'target',
    name: 'Went to',
    minPx: 140,
    grow: 1,
    render: ({ attempts }) => hostName(attempts.at(-1)?.providerId ?? ''),
  },
  { id: 'outcome', name: 'Outcome', minPx: 96, render: ({ outcome }) => outcome.replace('_', ' ') },
  {
    id: 'took',
    name: 'Took',
    minPx: 64,
    numeric: true,
    render: ({ durationMs }) => spoken(duration(durationMs)),
  },
];

/** The last requests that came through /v1. */
export default function RequestsView() {
  const { data, error } = useResource<DispatchesPage>(PATH, EVERY_MS);
  const { open } = useDrawer('dispatch');
  if (!data && error)
    return (
      <Notice
        title="Couldn’t load the requests"
        action={<Button onClick={() => refresh(PATH)}>Try again</Button>}
      >
        {error.message}
      </Notice>
    );
  if (!data) return <Awaiting>Loading requests from the history.</Awaiting>;
  return (
    <Table
      label="Requests to /v1, newest first"
      name="dispatches"
      rows={data.dispatches}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      onOpen={({ id }) => open(id)}
      empty={<Notice title="No requests yet">No program has asked /v1 yet. What does is shown here.</Notice>}
    />
  );
}
