'use client';
import type { PublicProvider } from '@boocontrol/contracts';
import { throughput } from '@boocontrol/fleet-model';
import type { ReactNode } from 'react';
import { count, NONE, percent, rate } from '../format/number';
import { isAway, isStale } from '../hosts/liveness';
import { isHost } from '../hosts/service';
import { useFleetTick, useHost, useIsLost, useLive, useMarks } from '../live';
import { ControlLine, useControlLine } from '../control/ControlLine';
import { Bar } from '../ui/gauges';
import { Mark } from '../ui/marks';
import { compactView } from './compact';
import { LivenessMark, LivenessText } from '../hosts/LivenessLine';

/** Each cell follows its host by itself: one that changes draws nothing else anew. */

export function HostName({ provider }: { provider: PublicProvider }) {
  const { liveness } = useHost(provider.id);
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <LivenessMark provider={provider} liveness={liveness} />
      <span className="truncate text-sm font-medium" title={provider.label}>
        {provider.label}
      </span>
    </span>
  );
}

export function State({ provider }: { provider: PublicProvider }) {
  const { liveness } = useHost(provider.id);
  const isControlled = useControlLine(provider) !== null;
  // That it is connected is normal; what is done with it is not.
  if (isControlled && liveness?.state === 'connected') return <ControlLine provider={provider} />;
  return (
    <span className="truncate text-fg2">
      <LivenessText provider={provider} liveness={liveness} />
    </span>
  );
}

/** Readings of a host that is away are dimmed. */
function Live({ id, children }: { id: string; children: ReactNode }) {
  const lost = useIsLost();
  const { liveness } = useHost(id);
  const stale = lost || isStale(liveness);
  return <span className={`flex min-w-0 flex-1 items-center ${stale ? 'stale' : ''}`}>{children}</span>;
}

export function Models({ provider }: { provider: PublicProvider }) {
  const { id } = provider;
  const host = useHost(id);
  const { first, more, noneText } = compactView(provider, host, undefined, useMarks());
  if (!first) return <span className="truncate text-fg3">{noneText}</span>;
  return (
    <Live id={id}>
      <span className="flex min-w-0 items-center gap-2 font-mono">
        <Mark tone={first.tone} pulses={first.pulses} />
        <span className="truncate" title={first.id}>
          {first.label}
        </span>
        {more > 0 && <span className="text-fg3">+{more}</span>}
      </span>
    </Live>
  );
}

export function InFlight({ provider }: { provider: PublicProvider }) {
  const { id } = provider;
  const { inflight, liveness } = useHost(id);
  const total = isAway(provider, liveness) || !isHost(provider) ? null : (inflight?.total ?? 0);
  return <Numeric id={id}>{total ? count(total) : <span className="text-fg3">{count(total)}</span>}</Numeric>;
}

export function Flow({ provider }: { provider: PublicProvider }) {
  const { id } = provider;
  const host = useHost(id);
  const tps = useFleetTick((nowMs) => Math.round(throughput(host, nowMs).outputTps * 10) / 10);
  const shown = isAway(provider, host.liveness) ? null : tps;
  return <Numeric id={id}>{shown ? rate(shown) : <span className="text-fg3">{rate(shown)}</span>}</Numeric>;
}

export function Vram({ provider }: { provider: PublicProvider }) {
  const { id } = provider;
  const meter = useLive(({ meters }) => meters[id]);
  const { vram, vramText } = compactView(provider, useHost(id), meter, null);
  if (vram.fraction === null) return <span className="text-fg3">{NONE}</span>;
  return (
    <Live id={id}>
      <span className="flex min-w-0 flex-1 flex-col gap-1">
        <span className="text-2xs leading-none text-fg2">{vramText}</span>
        <Bar label="VRAM" text={vramText} reading={vram} />
      </span>
    </Live>
  );
}

export function Temperature({ provider }: { provider: PublicProvider }) {
  const { id } = provider;
  const meter = useLive(({ meters }) => meters[id]);
  const { tempC } = compactView(provider, useHost(id), meter, null);
  return (
    <Numeric id={id}>{tempC === null ? <span className="text-fg3">{NONE}</span> : percent(tempC)}</Numeric>
  );
}

export function Version({ id }: { id: string }) {
  return <span className="truncate text-fg2">{useHost(id).liveness?.version?.version ?? NONE}</span>;
}

function Numeric({ id, children }: { id: string; children: ReactNode }) {
  return (
    <Live id={id}>
      <span className="flex-1 text-right">{children}</span>
    </Live>
  );
}
