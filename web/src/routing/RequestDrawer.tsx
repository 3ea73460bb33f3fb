'use client';
import type { InflightRoute, RouteFact } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { hostName } from '../control/names';
import { bytes, NONE, spoken } from '../format/number';
import { exact } from '../format/time';
import { hostHref } from '../hosts/address';
import { StaleNote } from '../live/StaleNote';
import { PageLink } from '../shell/PageLink';
import { Awaiting, Button } from '../ui/controls';
import { Chip } from '../ui/marks';
import { cancelUnderWay } from './cancel';
import { Age } from './columns';
import { Attempts } from '../dispatch/Attempts';
import { Dispatch } from '../dispatch/Dispatch';
import { DispatchView } from '../dispatch/DispatchView';
import { stateHint, stateWord } from './rows';

const Drawer = lazy(() => import('../ui/Drawer').then((module) => ({ default: module.Drawer })));

interface RequestDrawerProps {
  id: string;
  /** While it is under way. */
  live: InflightRoute | undefined;
  /** Once it has ended, when the page has its record. */
  fact: RouteFact | undefined;
  onClose: () => void;
}

/** One request: what is known of it so far while it is under way, then its record. */
export function RequestDrawer({ id, live, fact, onClose }: RequestDrawerProps) {
  const [seen, setSeen] = useState<InflightRoute | undefined>(live);
  if (live !== undefined && live !== seen) setSeen(live);
  const wasLive = seen?.id === id;
  const title = (fact?.asked ?? (wasLive ? seen?.asked : undefined)) || 'A request';
  return (
    <Suspense>
      <Drawer title={title} isText onClose={onClose}>
        <StaleNote />
        {fact && <DispatchView dispatch={fact} />}
        {!fact && live && <UnderWay request={live} />}
        {!fact && !live && wasLive && <Awaiting>It has ended. Waiting for its record.</Awaiting>}
        {!fact && !live && !wasLive && <Dispatch id={id} />}
      </Drawer>
    </Suspense>
  );
}

function UnderWay({ request }: { request: InflightRoute }) {
  const { id, at, asked, policy, source, state, providerId, model, attempts, endpoint } = request;
  const atMs = instantToMs(at);
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-sm text-fg2">{stateHint(state)}</p>
        <Button look="danger" onClick={() => void cancelUnderWay(id)}>
          Cancel the request
        </Button>
      </div>
      <dl className="num grid grid-cols-2 gap-x-6 gap-y-3 text-sm sm:grid-cols-4">
        <Fact name="State">
          <Chip tone="busy">{stateWord(state)}</Chip>
        </Fact>
        <Fact name="For">
          <Age sinceMs={atMs} />
        </Fact>
        <Fact name="Sent so far">{spoken(bytes(request.bytes))}</Fact>
        <Fact name="Consumer">{source}</Fact>
        <Fact name="Asked for">
          <code className="font-mono text-xs">{asked || NONE}</code>
        </Fact>
        <Fact name="Policy">{policy ?? 'none'}</Fact>
        <Fact name="Host">
          {providerId === null ? (
            NONE
          ) : (
            <PageLink href={hostHref(providerId)} className="text-accent hover:underline">
              {hostName(providerId)}
            </PageLink>
          )}
        </Fact>
        <Fact name="Model">
          <code className="font-mono text-xs">{model ?? NONE}</code>
        </Fact>
        <Fact name="Path">
          <code className="font-mono text-xs">/v1{endpoint}</code>
        </Fact>
        <div className="col-span-2">
          <dt className="eyebrow">Came</dt>
          <dd>{exact(atMs)}</dd>
        </div>
      </dl>
      {attempts.length > 0 && <Attempts attempts={attempts} title="Tried before" />}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="eyebrow">{name}</dt>
      <dd className="[overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}
