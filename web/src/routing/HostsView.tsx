'use client';
import type { PublicProvider } from '@boocontrol/contracts';
import { useMemo } from 'react';
import { LivenessMark, LivenessText } from '../hosts/LivenessLine';
import { hostHref } from '../hosts/address';
import { useHost, useIsLost, useLive, useMarks } from '../live';
import { isHidden } from '../live/marks';
import { PageLink } from '../shell/PageLink';
import { Awaiting, Notice } from '../ui/controls';
import { Breakers } from './Breakers';
import { Places } from './Places';
import { hostsNow, urgency, type HostNow } from './hosts-now';

/** The hosts behind /v1: what they have to do, who waits, which of their models are left alone and until when. */
export default function HostsView() {
  const routing = useLive((state) => state.routing);
  const providers = useLive((state) => state.providers);
  const marks = useMarks();
  const lost = useIsLost();
  const hosts = useMemo(() => {
    if (!routing) return null;
    const known = new Map(providers.map((provider) => [provider.id, provider]));
    return hostsNow(
      routing,
      providers.map(({ id }) => id),
    )
      .filter((now) => urgency(now) > 0 || !isHidden(marks, now.providerId))
      .map((now) => ({ now, provider: known.get(now.providerId) }))
      .toSorted((a, b) => urgency(b.now) - urgency(a.now));
  }, [routing, providers, marks]);
  if (!hosts) return <Awaiting>Waiting for what the gateways have under way.</Awaiting>;
  if (hosts.length === 0)
    return (
      <Notice title="No hosts yet">
        Requests to /v1 go to the hosts of the fleet. Add one on the page Fleet.
      </Notice>
    );
  return (
    <ul className={`flex flex-col gap-2 px-4 pb-4 md:px-6 ${lost ? 'stale' : ''}`} aria-label="Hosts">
      {hosts.map(({ now, provider }) => (
        <Host key={now.providerId} now={now} provider={provider} />
      ))}
    </ul>
  );
}

function Host({ now, provider }: { now: HostNow; provider: PublicProvider | undefined }) {
  const { liveness } = useHost(now.providerId);
  const isCalm = urgency(now) === 0;
  const isUp = liveness?.state === 'connected' && provider?.enabled === true;
  return (
    <li
      data-provider={now.providerId}
      className={`min-w-0 rounded-lg border bg-s1 px-4 ${isCalm ? 'py-1.5' : 'py-3'}`}
    >
      <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
        <span className="flex min-w-0 items-center gap-2">
          {provider && !isUp && <LivenessMark provider={provider} liveness={liveness} />}
          <PageLink
            href={hostHref(now.providerId)}
            title={provider?.label ?? now.providerId}
            className="min-w-0 truncate text-sm font-medium hover:text-accent pointer-coarse:min-w-10 pointer-coarse:leading-10"
          >
            {provider?.label ?? now.providerId}
          </PageLink>
        </span>
        {provider && !isUp && (
          <span className="text-sm">
            <LivenessText provider={provider} liveness={liveness} />
          </span>
        )}
        {isCalm ? <span className="ml-auto text-xs text-fg3">nothing under way</span> : <Places now={now} />}
      </div>
      {now.breakers.length > 0 && <Breakers breakers={now.breakers} />}
    </li>
  );
}
