'use client';
import type { HostState, PublicProvider, Room } from '@boocontrol/contracts';
import { PlusIcon, SearchIcon } from '../ui/icons';

import { lazy, Suspense, useDeferredValue, useMemo, useState, type ReactNode } from 'react';
import { plural } from '../format/number';
import { useIsLost, useLive } from '../live';
import { useRooms } from '../live/rooms';
import { useQuery } from '../browser/query';
import { Awaiting, Button, Notice } from '../ui/controls';
import { hostActions } from './actions';
import { useFavorites } from './favorites';
import { HostCard } from './HostCard';
import { byLabel, filterProviders } from './search';

const HostDialog = lazy(() => import('./HostDialog'));
const RemoveDialog = lazy(() => import('./RemoveDialog'));
const HostDrawer = lazy(() => import('./HostDrawer'));
const CompactGrid = lazy(() => import('./CompactGrid'));

const ROOMS: readonly Room[] = ['fleet', 'perf', 'activity'];
/** From here on hosts are shown as small cards, and only those in sight are in the page. */
const COMPACT_FROM = 40;

const NO_HOSTS: Readonly<Record<string, HostState>> = {};

type Asked = { what: 'add' } | { what: 'edit' | 'remove'; id: string } | null;

export default function FleetBoard() {
  useRooms(ROOMS);
  const known = useLive(({ fleet }) => fleet !== null);
  const all = useLive(({ providers }) => providers);
  const providers = useMemo(() => all.toSorted(byLabel), [all]);
  const lost = useIsLost();
  const isFavorite = useFavorites();
  const [query, setQuery] = useQuery();
  const [typed, setTyped] = useState('');
  const filter = useDeferredValue(typed);
  const [asked, setAsked] = useState<Asked>(null);
  const actions = useMemo(
    () =>
      hostActions({
        open: ({ id }) => setQuery({ host: id }),
        edit: ({ id }) => setAsked({ what: 'edit', id }),
        remove: ({ id }) => setAsked({ what: 'remove', id }),
      }),
    [setQuery],
  );
  // Without a filter the hosts' states do not matter here, and the board must not render with every frame.
  const hosts = useLive(({ fleet }) => (filter === '' ? null : fleet?.hosts)) ?? NO_HOSTS;
  const shown = useMemo(() => filterProviders(providers, hosts, filter), [providers, hosts, filter]);
  const opened = providers.find(({ id }) => id === query.get('host'));
  const close = (): void => setAsked(null);
  return (
    <>
      <PageHead
        number={providers.length}
        shown={shown.length}
        typed={typed}
        onType={setTyped}
        onAdd={() => setAsked({ what: 'add' })}
      />
      {!known && (
        <Awaiting>
          Waiting for the fleet from BooControl. If this lasts, check that it is still running.
        </Awaiting>
      )}
      {known && providers.length === 0 && <NoHosts onAdd={() => setAsked({ what: 'add' })} />}
      {known && providers.length > 0 && shown.length === 0 && (
        <Notice title="No host matches" action={<Button onClick={() => setTyped('')}>Show all hosts</Button>}>
          Nothing in the names, tags, addresses, states and loaded models matches “{filter}”.
        </Notice>
      )}
      {providers.length > COMPACT_FROM ? (
        <Suspense fallback={<Awaiting>Laying out {providers.length} hosts.</Awaiting>}>
          <CompactGrid providers={shown} actions={actions} />
        </Suspense>
      ) : (
        <div
          className={`grid grid-cols-[repeat(auto-fill,minmax(min(100%,22.5rem),1fr))] gap-4 p-4 pt-0 md:px-6 md:pb-6 ${lost ? 'stale' : ''}`}
        >
          {shown.map((provider) => (
            <HostCard key={provider.id} provider={provider} isFavorite={isFavorite} actions={actions} />
          ))}
        </div>
      )}
      <Suspense>
        {opened && (
          <HostDrawer
            key={opened.id}
            provider={opened}
            isFavorite={isFavorite}
            actions={actions}
            onClose={() => setQuery({ host: null })}
          />
        )}
        <AskedDialog asked={asked} providers={providers} onClose={close} />
      </Suspense>
    </>
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
  if (asked.what === 'add') return <HostDialog provider={null} taken={taken} onClose={onClose} />;
  const provider = providers.find(({ id }) => id === asked.id);
  if (!provider) return null;
  return asked.what === 'edit' ? (
    <HostDialog provider={provider} taken={taken} onClose={onClose} />
  ) : (
    <RemoveDialog provider={provider} onClose={onClose} />
  );
}

interface PageHeadProps {
  number: number;
  shown: number;
  typed: string;
  onType: (text: string) => void;
  onAdd: () => void;
}

function PageHead({ number, shown, typed, onType, onAdd }: PageHeadProps) {
  return (
    <div className="flex flex-wrap items-center gap-3 px-4 py-4 md:px-6">
      <h1 className="text-xl font-semibold">Fleet</h1>
      {number > 0 && (
        <span className="text-sm text-fg3" role="status">
          {shown === number ? plural(number, 'host') : `${shown} of ${plural(number, 'host')}`}
        </span>
      )}
      <div className="ml-auto flex items-center gap-2 max-sm:w-full">
        {number > 4 && (
          <label className="flex h-8 items-center gap-2 max-sm:flex-1 rounded-md border border-line-strong bg-s1 px-2.5 focus-within:outline-2 focus-within:outline-accent">
            <SearchIcon className="size-4 text-fg3" aria-hidden />
            <input
              type="search"
              value={typed}
              onChange={(event) => onType(event.currentTarget.value)}
              placeholder="Filter hosts"
              aria-label="Filter hosts"
              className="w-full min-w-0 bg-transparent text-sm outline-none sm:w-48"
            />
          </label>
        )}
        {number > 0 && (
          <Button look="primary" onClick={onAdd}>
            <PlusIcon className="size-4" aria-hidden />
            Add host
          </Button>
        )}
      </div>
    </div>
  );
}

function NoHosts({ onAdd }: { onAdd: () => void }): ReactNode {
  return (
    <Notice
      title="No hosts yet"
      action={
        <Button look="primary" onClick={onAdd}>
          <PlusIcon className="size-4" aria-hidden />
          Add a host
        </Button>
      }
    >
      <p>Add the address of a machine that runs llama-swap, and it is followed from then on.</p>
      <p className="mt-3 text-sm">
        Or declare hosts in <code className="font-mono">boocontrol.yaml</code>, or start with
        <br />
        <code className="font-mono">npm start -- --host http://192.168.1.20:8080</code>
      </p>
    </Notice>
  );
}
