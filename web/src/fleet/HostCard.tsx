'use client';
import type { HostState, PublicProvider } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { memo, useMemo } from 'react';
import { useHost, useLive, useMarks, useTick } from '../live';
import { Button } from '../ui/controls';
import { Menu } from '../ui/Menu';
import { Tag } from '../ui/marks';
import { clock } from '../format/time';
import { HostControl } from '../control/HostControl';
import type { HostActions } from '../hosts/actions';
import { GpuRow, GpuStrips, ReasonRow, SystemRow, ThroughputRow } from './Instruments';
import { instruments, monitoringNotice } from '../hosts/instruments';
import { isStale, livenessView } from '../hosts/liveness';
import { LivenessMark, LivenessText } from '../hosts/LivenessLine';
import { HiddenModels, ModelRow, OtherModels } from '../hosts/ModelRows';
import { groupModels, noneLoadedText } from '../hosts/models';
import { isHost } from '../hosts/service';
import { ServiceCard } from './ServiceCard';

interface HostCardProps {
  provider: PublicProvider;
  actions: HostActions;
}

export const HostCard = memo(function HostCard({ provider, actions }: HostCardProps) {
  const host = useHost(provider.id);
  const Body = isHost(provider) ? CardBody : ServiceCard;
  return (
    <article
      data-testid="host-card"
      data-provider={provider.id}
      aria-label={provider.label}
      className={`flex min-w-0 flex-col gap-3 rounded-xl border bg-s1 p-4 [contain-intrinsic-size:auto_26rem] [content-visibility:auto] ${provider.maintenance ? 'border-dashed border-line-strong' : ''}`}
    >
      <CardHead provider={provider} host={host} actions={actions} />
      {provider.enabled && <HostControl provider={provider} />}
      {provider.enabled ? (
        <Body provider={provider} host={host} />
      ) : (
        <div className="flex flex-1 flex-col items-center justify-center gap-3 py-6 text-sm text-fg2">
          <p>BooControl doesn&apos;t connect to it while it&apos;s disabled. Its history is kept.</p>
          <Button onClick={() => actions.enable(provider)}>Enable</Button>
        </div>
      )}
    </article>
  );
});

function CardHead({
  provider,
  host,
  actions,
}: {
  provider: PublicProvider;
  host: HostState;
  actions: HostActions;
}) {
  const version = host.liveness?.version?.version;
  const staleSince = useTick((nowMs) =>
    provider.enabled && host.perf && isStale(host.liveness) ? clock(instantToMs(host.perf.ts), nowMs) : '',
  );
  return (
    <div className="flex items-start gap-2.5">
      <span className="mt-1.5">
        <LivenessMark provider={provider} liveness={host.liveness} />
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2">
          <h2 className="max-w-full min-w-0 font-semibold">
            <button
              type="button"
              className="block max-w-full truncate hover:text-accent pointer-coarse:relative pointer-coarse:-my-2.5 pointer-coarse:min-w-10 pointer-coarse:py-2.5 text-left"
              title={provider.label}
              onClick={() => actions.open(provider)}
            >
              {provider.label}
            </button>
          </h2>
          <span className="flex h-5.5 min-w-0 flex-1 flex-wrap content-start gap-2 overflow-hidden pt-0.5">
            {provider.tags.slice(0, 3).map((tag) => (
              <Tag key={tag}>{tag}</Tag>
            ))}
          </span>
        </div>
        <p className="truncate text-xs text-fg3">
          <LivenessText provider={provider} liveness={host.liveness} />
          {staleSince
            ? ` · readings from ${staleSince}`
            : version && <span title="llama-swap version"> · llama-swap {version}</span>}
        </p>
      </div>
      <span className="-mr-2 pointer-coarse:-mr-3">
        <Menu label={`Actions for ${provider.label}`} items={actions.itemsFor(provider)} />
      </span>
    </div>
  );
}

function CardBody({ provider, host }: { provider: PublicProvider; host: HostState }) {
  const { reason } = livenessView(provider, host.liveness, 0);
  return (
    <div className="flex flex-1 flex-col gap-3">
      <div
        data-testid="instruments"
        className={`flex min-h-24 flex-col gap-3 ${isStale(host.liveness) ? 'stale' : ''}`}
      >
        <CardInstruments provider={provider} host={host} />
      </div>
      {reason ? <ReasonRow text={reason} /> : <ThroughputRow host={host} />}
      <div className={`flex flex-1 flex-col ${isStale(host.liveness) ? 'stale' : ''}`}>
        <CardModels host={host} />
      </div>
    </div>
  );
}

function CardInstruments({ provider, host }: { provider: PublicProvider; host: HostState }) {
  const meter = useLive(({ meters }) => meters[provider.id]);
  const view = useMemo(() => instruments(meter), [meter]);
  const notice = monitoringNotice(host);
  if (notice && !meter) {
    return (
      <p className="flex min-h-24 items-center rounded-md border border-dashed px-3 text-xs text-fg2">
        {notice}
      </p>
    );
  }
  if (!meter) return <p className="flex min-h-24 items-center text-xs text-fg3">No readings yet.</p>;
  return (
    <>
      {view.allGpus ? (
        <GpuStrips all={view.allGpus} gpus={view.gpus} />
      ) : (
        view.gpus.map((gpu) => <GpuRow key={gpu.id} gpu={gpu} />)
      )}
      {view.gpus.length === 0 && (
        <p className="flex h-11 items-center text-xs text-fg3">
          {provider.gpuLabel
            ? `${provider.gpuLabel}: this host does not measure it.`
            : 'This host reports no GPU.'}
        </p>
      )}
      <SystemRow view={view} />
      {notice && <p className="text-xs text-fg2">{notice}</p>}
    </>
  );
}

function CardModels({ host }: { host: HostState }) {
  const { providerId } = host;
  const marks = useMarks();
  const groups = useMemo(
    () => groupModels(host, marks),
    [providerId, host.models, host.inflight, host.requests, marks],
  );
  const none = noneLoadedText(groups);
  return (
    <div className="flex flex-1 flex-col">
      <ul className="mb-2 min-h-26 border-t pt-1" aria-label="Loaded models">
        {[...groups.loaded, ...groups.failed].map((view) => (
          <ModelRow key={view.id} providerId={providerId} view={view} />
        ))}
        {none && <li className="flex h-13 items-center text-sm text-fg3">{none}</li>}
      </ul>
      <div className="mt-auto">
        <OtherModels providerId={providerId} views={groups.others} />
        <HiddenModels providerId={providerId} views={groups.hidden} />
      </div>
    </div>
  );
}
