'use client';
import type { HostState, PublicProvider } from '@boocontrol/contracts';
import { useMemo, type ReactNode } from 'react';
import { isStale, livenessView } from '../hosts/liveness';
import { serviceView } from '../hosts/service';
import { ServiceModels } from '../hosts/ServiceModels';
import { ReasonRow, ThroughputRow } from './Instruments';

/** The card of a provider that only answers requests: it has no instruments, and nothing can be loaded on it by hand. */
export function ServiceCard({ provider, host }: { provider: PublicProvider; host: HostState }) {
  const view = useMemo(() => serviceView(provider, host), [provider, host]);
  const { reason } = livenessView(provider, host.liveness, 0);
  const stale = isStale(host.liveness) ? 'stale' : '';
  return (
    <div className="flex flex-1 flex-col gap-3">
      <dl
        data-testid="service"
        className={`grid grid-cols-[auto_minmax(0,1fr)] content-start gap-x-4 gap-y-1.5 text-sm ${stale}`}
      >
        <Row name="Kind">{view.kind}</Row>
        <Row name="Models">{view.models}</Row>
        {view.list !== null && <Row name="List">answered in {view.list}</Row>}
        <Row name="Price" hint="For a million tokens">
          {view.price ?? <span className="text-fg3">not said</span>}
        </Row>
        <Row name="Keys">{view.keys}</Row>
      </dl>
      {reason ? (
        <ReasonRow text={reason} />
      ) : (
        host.requests.buckets.length > 0 && <ThroughputRow host={host} />
      )}
      <div className={`mt-auto ${stale}`}>
        <ServiceModels provider={provider} />
      </div>
    </div>
  );
}

function Row({ name, hint, children }: { name: string; hint?: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-fg3" title={hint}>
        {name}
      </dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </>
  );
}
