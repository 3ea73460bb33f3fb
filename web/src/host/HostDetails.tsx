'use client';
import type { PublicProvider } from '@boocontrol/contracts';
import { useMemo } from 'react';
import { rangeText, type TimeRange } from '../browser/range';
import { HostCharts } from '../charts/HostCharts';
import { askFor } from '../control/asked';
import { HostControl } from '../control/HostControl';
import { monitoringNotice } from '../hosts/instruments';
import { HiddenModels, ModelRow, OtherModels } from '../hosts/ModelRows';
import { groupModels, noneLoadedText } from '../hosts/models';
import { isStale } from '../hosts/liveness';
import { isHost } from '../hosts/service';
import { ServiceModels } from '../hosts/ServiceModels';
import { useHost, useIsLost, useMarks } from '../live';
import { StaleNote } from '../live/StaleNote';
import { Button } from '../ui/controls';
import { Panel } from '../ui/Panel';
import { Facts } from './Facts';
import { HiddenNote } from './HiddenNote';
import { InFlight } from './InFlight';
import { ModelTable } from './ModelTable';

interface HostDetailsProps {
  provider: PublicProvider;
  range: TimeRange;
  onRange: (range: TimeRange) => void;
  /** In a drawer, which covers what the page says of the host's state and of the live connection. */
  isPeek?: boolean;
}

/** All there is to say of a host: the drawer shows it narrow, its page at full size. */
export function HostDetails({ provider, range, onRange, isPeek = false }: HostDetailsProps) {
  const host = useHost(provider.id);
  const stale = useIsLost();
  const marks = useMarks();
  const groups = useMemo(() => groupModels(host, marks), [host, marks]);
  const none = noneLoadedText(groups);
  const isAnyLoaded = [...groups.loaded, ...groups.hidden].some(({ loaded }) => loaded);
  const notice = monitoringNotice(host);
  const isSwap = isHost(provider);
  const Heading = isPeek ? 'h3' : 'h2';
  return (
    <div className="@container flex flex-col gap-6">
      {isPeek && <StaleNote />}
      <HiddenNote provider={provider} />
      {provider.enabled && <HostControl provider={provider} detailed />}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6 @4xl:grid-cols-2">
        <div className={`flex flex-col gap-6 ${stale ? 'stale' : ''}`}>
          <Facts provider={provider} host={host} withState={isPeek} />
          {isSwap && (
            <section aria-label="In flight" className={isStale(host.liveness) ? 'stale' : ''}>
              <Heading className="font-semibold">In flight</Heading>
              <InFlight host={host} />
            </section>
          )}
        </div>
        <section aria-label="Models now" className={stale || isStale(host.liveness) ? 'stale' : ''}>
          <div className="mb-1 flex items-center gap-3">
            <Heading className="font-semibold">{isSwap ? 'Models now' : 'Models'}</Heading>
            {isSwap && provider.enabled && isAnyLoaded && (
              <Button
                look="quiet"
                className="ml-auto h-7! px-2! text-xs! pointer-coarse:h-10!"
                onClick={() => askFor({ kind: 'unload-all', providerId: provider.id })}
              >
                Unload all…
              </Button>
            )}
          </div>
          {isSwap ? (
            <>
              <ul className="pb-1">
                {[...groups.loaded, ...groups.failed].map((view) => (
                  <ModelRow key={view.id} providerId={provider.id} view={view} />
                ))}
                {none && <li className="py-2 text-sm text-fg3">{none}</li>}
              </ul>
              <OtherModels providerId={provider.id} views={groups.others} />
              <HiddenModels providerId={provider.id} views={groups.hidden} />
            </>
          ) : (
            <ServiceModels provider={provider} isOpen />
          )}
        </section>
      </div>
      {isSwap && (
        <section>
          <Heading className="font-semibold">
            Over time<span className="ml-2 text-sm font-normal text-fg3">{rangeText(range)}</span>
          </Heading>
          {notice && <p className="mt-1 text-sm text-fg2">{notice}</p>}
          <Panel what="the charts">
            <HostCharts providerId={provider.id} range={range} onRange={onRange} />
          </Panel>
        </section>
      )}
      <section className={`min-w-0 break-inside-avoid ${stale ? 'stale' : ''}`}>
        <Heading className="mb-1 font-semibold">
          By model<span className="ml-2 text-sm font-normal text-fg3">{rangeText(range)}</span>
        </Heading>
        <Panel what="the figures of the models">
          <ModelTable providerId={provider.id} range={range} />
        </Panel>
      </section>
    </div>
  );
}
