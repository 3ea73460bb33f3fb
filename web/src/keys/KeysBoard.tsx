'use client';
import type { ApiKey, ApiKeys, Room } from '@boocontrol/contracts';
import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react';
import { refresh, useResource } from '../api/resource';
import { useQuery } from '../browser/query';
import { useDrawer } from '../browser/use-drawer';
import { useIsLost, useTick } from '../live';
import { useRooms } from '../live/rooms';
import { useSorting } from '../page/sorting';
import Table from '../page/Table';
import { Awaiting, Button, Notice } from '../ui/controls';
import { KEYS } from './calls';
import { KEY_COLUMNS } from './columns';
import { KeysHead } from './KeysHead';
import { NoKeys } from './NoKeys';
import { filterKeys, readState } from './state';

const KeyDialog = lazy(() => import('./KeyDialog'));
const KeyDrawer = lazy(() => import('./KeyDrawer'));
const questions = () => import('./KeyQuestions');
const RevokeQuestion = lazy(async () => ({ default: (await questions()).RevokeQuestion }));
const RemoveQuestion = lazy(async () => ({ default: (await questions()).RemoveQuestion }));

const ROOMS: readonly Room[] = ['fleet'];
/** What keys use is counted with the records of requests; more often nobody reads it. */
const EVERY_MS = 15_000;
const keyOf = ({ id }: ApiKey): string => id;
const NO_KEYS: readonly ApiKey[] = [];

type Asked = { what: 'edit' | 'revoke' | 'remove'; id: string } | null;

/** Keys of clients of /v1: who has one, what it lets them do, what they used. */
export default function KeysBoard() {
  useRooms(ROOMS);
  const { data, error } = useResource<ApiKeys>(KEYS, EVERY_MS);
  const lost = useIsLost();
  const [query, setQuery] = useQuery();
  const order = useSorting();
  const drawer = useDrawer('key');
  const asking = useDrawer('ask');
  const [asked, setAsked] = useState<Asked>(null);
  // A key that was just made is not lost with a step back in the browser's history.
  const [held, setHeld] = useState(false);

  const keys = data?.keys ?? NO_KEYS;
  const text = useDeferredValue(query.get('text') ?? '');
  const state = readState(query.get('state'));
  const minuteMs = useTick((nowMs) => Math.floor(nowMs / 60_000) * 60_000 + 60_000);
  const shown = useMemo(() => filterKeys(keys, text, state, minuteMs), [keys, text, state, minuteMs]);
  const opened = keys.find(({ id }) => id === drawer.opened);
  const about = keys.find(({ id }) => id === asked?.id);
  const ask = (what: 'edit' | 'revoke' | 'remove', id: string) => () => setAsked({ what, id });
  const settle = (): void => setAsked(null);
  const isStale = lost || (error !== null && data !== null);
  return (
    <div className="flex h-full flex-col">
      <KeysHead
        data={data}
        shown={shown.length}
        typed={query.get('text') ?? ''}
        onType={(typed) => setQuery({ text: typed || null }, true)}
        state={state}
        onState={(next) => setQuery({ state: next }, true)}
        onMake={() => asking.open('new')}
      />
      {error && (
        <p role="alert" className="flex flex-wrap items-center gap-3 px-4 pb-3 text-sm text-fg2 md:px-6">
          {data ? 'The keys are as they were told last.' : 'Couldn’t load the keys.'} {error.message}
          <Button onClick={() => refresh(KEYS)}>Try again</Button>
        </p>
      )}
      {!data && !error && <Awaiting>Waiting for the keys from BooControl.</Awaiting>}
      {data && drawer.opened !== null && !opened && (
        <p
          role="status"
          className="mx-4 mb-3 flex flex-wrap items-center gap-3 rounded-md border bg-s2 px-4 py-2 text-sm md:mx-6"
        >
          There is no key with the id that the address names; it may have been removed.
          <Button onClick={drawer.close}>Show the keys</Button>
        </p>
      )}
      {data && keys.length === 0 && <NoKeys isNeeded={data.isNeeded} onMake={() => asking.open('new')} />}
      {keys.length > 0 && shown.length === 0 && (
        <Notice
          title="No key matches"
          action={<Button onClick={() => setQuery({ text: null, state: null }, true)}>Show all keys</Button>}
        >
          None has this in its name, source, models, policies or state.
        </Notice>
      )}
      {shown.length > 0 && (
        <div className={`flex min-h-0 flex-1 flex-col ${isStale ? 'stale' : ''}`}>
          <Table
            label="Keys"
            name="keys"
            rows={shown}
            columns={KEY_COLUMNS}
            keyOf={keyOf}
            onOpen={({ id }) => drawer.open(id)}
            order={order}
          />
        </div>
      )}
      <Suspense>
        {opened && (
          <KeyDrawer
            key={opened.id}
            apiKey={opened}
            onEdit={ask('edit', opened.id)}
            onRevoke={ask('revoke', opened.id)}
            onRemove={ask('remove', opened.id)}
            onClose={drawer.close}
          />
        )}
        {(asking.opened === 'new' || held) && (
          <KeyDialog
            apiKey={null}
            onHeld={() => setHeld(true)}
            onClose={() => {
              setHeld(false);
              asking.close();
            }}
          />
        )}
        {about && asked?.what === 'edit' && <KeyDialog apiKey={about} onClose={settle} />}
        {about && asked?.what === 'revoke' && <RevokeQuestion apiKey={about} onClose={settle} />}
        {about && asked?.what === 'remove' && (
          <RemoveQuestion apiKey={about} onRemoved={drawer.close} onClose={settle} />
        )}
      </Suspense>
    </div>
  );
}
