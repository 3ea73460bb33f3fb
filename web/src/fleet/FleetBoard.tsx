'use client';
import type { HostState, PublicProvider, Room } from '@boocontrol/contracts';
import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react';
import { useIsLost, useLive, useMarks } from '../live';
import { isHidden } from '../live/marks';
import { useRooms } from '../live/rooms';
import { useKeptChoice } from '../browser/kept';
import { useQuery } from '../browser/query';
import { RANGE_PARAMS } from '../browser/range';
import { useDrawer } from '../browser/use-drawer';
import { Awaiting, Button, Notice } from '../ui/controls';
import { Panel } from '../ui/Panel';
import { hostActions, type HostActions } from '../hosts/actions';
import { FleetHead } from './FleetHead';
import { HiddenHosts } from './HiddenHosts';
import { HostCard } from './HostCard';
import { NoHosts } from './NoHosts';
import { byLabel, filterProviders, partition } from './search';
import { fleetView, type FleetView } from './view';

const HostDialog = lazy(() => import('../hosts/HostDialog'));
const RemoveDialog = lazy(() => import('../hosts/RemoveDialog'));
const HostDrawer = lazy(() => import('./HostDrawer'));
const FleetTable = lazy(() => import('./FleetTable'));
const CompactGrid = lazy(() => import('./CompactGrid'));

const ROOMS: readonly Room[] = ['fleet', 'perf', 'activity'];

const NO_HOSTS: Readonly<Record<string, HostState>> = {};

type Asked = { what: 'edit' | 'remove'; id: string } | null;

export default function FleetBoard() {
  useRooms(ROOMS);
  const known = useLive(({ fleet }) => fleet !== null);
  const all = useLive(({ providers }) => providers);
  const marks = useMarks();
  const sorted = useMemo(() => all.toSorted(byLabel), [all]);
  const [providers, hidden] = useMemo(
    () => partition(sorted, ({ id }) => !isHidden(marks, id)),
    [sorted, marks],
  );
  const [query, setQuery] = useQuery();
  const drawer = useDrawer('host', RANGE_PARAMS);
  const typed = query.get('text') ?? '';
  const setTyped = (text: string): void => setQuery({ text: text === '' ? null : text }, true);
  const filter = useDeferredValue(typed);
  const [keptView, keepView] = useKeptChoice('boo-fleet-view');
  const view = fleetView(query.get('view'), keptView, sorted.length);
  const [asked, setAsked] = useState<Asked>(null);
  const asking = useDrawer('ask');
  const add = (): void => asking.open('add');
  const { open } = drawer;
  const actions = useMemo(
    () =>
      hostActions({
        open: ({ id }) => open(id),
        edit: ({ id }) => setAsked({ what: 'edit', id }),
        remove: ({ id }) => setAsked({ what: 'remove', id }),
      }),
    [open],
  );
  // Without a filter the hosts' states do not matter here, and the board must not render with every frame.
  const hosts = useLive(({ fleet }) => (filter === '' ? null : fleet?.hosts)) ?? NO_HOSTS;
  const shown = useMemo(() => filterProviders(providers, hosts, filter), [providers, hosts, filter]);
  const shownHidden = useMemo(() => filterProviders(hidden, hosts, filter), [hidden, hosts, filter]);
  const hiddenOpen = query.get('hidden') === 'shown';
  const openHidden = (wanted: boolean): void => setQuery({ hidden: wanted ? 'shown' : null }, true);
  const opened = sorted.find(({ id }) => id === drawer.opened);
  const close = (): void => setAsked(null);
  return (
    <div className={view === 'table' ? 'flex h-full flex-col' : ''}>
      <FleetHead
        number={providers.length}
        hidden={hidden.length}
        shown={shown.length}
        typed={typed}
        onType={setTyped}
        view={view}
        onView={(chosen) => {
          keepView(chosen);
          setQuery({ view: null }, true);
        }}
        onAdd={add}
      />
      {known && drawer.opened !== null && !opened && (
        <p
          role="status"
          className="mx-4 mb-4 flex flex-wrap items-center gap-3 rounded-md border bg-s2 px-4 py-2 text-sm md:mx-6"
        >
          <span className="min-w-0 [overflow-wrap:anywhere]">No host called “{drawer.opened}”.</span>
          <Button onClick={drawer.close}>Show the fleet</Button>
        </p>
      )}
      {!known && (
        <Awaiting>
          Waiting for the fleet from BooControl. If this takes long, check that it is still running.
        </Awaiting>
      )}
      {known && sorted.length === 0 && <NoHosts onAdd={add} />}
      {known && providers.length > 0 && shown.length === 0 && (
        <Notice title="No host matches" action={<Button onClick={() => setTyped('')}>Show all hosts</Button>}>
          No name, tag, address, state or loaded model matches “{filter}”.
        </Notice>
      )}
      {providers.length === 0 && hidden.length > 0 && (
        <Notice
          title="Every host is hidden"
          action={!hiddenOpen && <Button onClick={() => openHidden(true)}>Show them</Button>}
        >
          They are followed as before, and their history stays.
        </Notice>
      )}
      {shown.length > 0 && <Hosts view={view} shown={shown} actions={actions} />}
      <HiddenHosts
        providers={shownHidden}
        filtered={filter !== ''}
        open={hiddenOpen}
        onOpen={openHidden}
        actions={actions}
      />
      {opened && (
        <Panel what="the host">
          <HostDrawer key={opened.id} provider={opened} actions={actions} onClose={drawer.close} />
        </Panel>
      )}
      <Suspense>
        {known && asking.opened === 'add' && (
          <HostDialog provider={null} taken={new Set(sorted.map(({ id }) => id))} onClose={asking.close} />
        )}
        <AskedDialog asked={asked} providers={sorted} onClose={close} />
      </Suspense>
    </div>
  );
}

interface HostsProps {
  view: FleetView;
  shown: readonly PublicProvider[];
  actions: HostActions;
}

function Hosts({ view, shown, actions }: HostsProps) {
  const lost = useIsLost();
  if (view === 'cards') {
    return (
      <div
        className={`grid grid-cols-[repeat(auto-fill,minmax(min(100%,22.5rem),1fr))] gap-4 p-4 pt-0 md:px-6 md:pb-6 ${lost ? 'stale' : ''}`}
      >
        {shown.map((provider) => (
          <HostCard key={provider.id} provider={provider} actions={actions} />
        ))}
      </div>
    );
  }
  return (
    <Panel what="the hosts">
      {view === 'table' ? (
        <FleetTable providers={shown} actions={actions} />
      ) : (
        <CompactGrid providers={shown} actions={actions} />
      )}
    </Panel>
  );
}

function AskedDialog({
  asked,
  providers,
  onClose,
}: {
  asked: Asked;
  providers: readonly PublicProvider[];
  onClose: () => void;
}) {
  if (!asked) return null;
  const taken = new Set(providers.map(({ id }) => id));
  const provider = providers.find(({ id }) => id === asked.id);
  if (!provider) return null;
  return asked.what === 'edit' ? (
    <HostDialog provider={provider} taken={taken} onClose={onClose} />
  ) : (
    <RemoveDialog provider={provider} onClose={onClose} />
  );
}
