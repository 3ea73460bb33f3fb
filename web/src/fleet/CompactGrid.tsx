'use client';
import type { PublicProvider } from '@boocontrol/contracts';
import { throughput } from '@boocontrol/fleet-model';
import { useSyncExternalStore } from 'react';
import { VirtuosoGrid } from 'react-virtuoso';
import { count, NONE, percent, rate } from '../format/number';
import { useHost, useIsLost, useLive, useFleetTick, useMarks } from '../live';
import { Bar } from '../ui/gauges';
import { Mark } from '../ui/marks';
import { Menu } from '../ui/Menu';
import { compactView } from './compact';
import { ControlLine, useControlLine } from '../control/ControlLine';
import type { HostActions } from '../hosts/actions';
import { isAway, livenessView } from '../hosts/liveness';
import { isHost } from '../hosts/service';
import { LivenessMark, LivenessText } from '../hosts/LivenessLine';

interface CompactGridProps {
  providers: readonly PublicProvider[];
  actions: HostActions;
}

const never = (): (() => void) => () => undefined;

/** Many hosts: small cards of one size, and only those in sight are in the page. */
export default function CompactGrid({ providers, actions }: CompactGridProps) {
  const scroller = useSyncExternalStore(
    never,
    () => document.getElementById('content'),
    () => null,
  );
  if (!scroller) return null;
  return (
    <VirtuosoGrid
      customScrollParent={scroller}
      data={providers as PublicProvider[]}
      computeItemKey={(_, provider) => provider.id}
      increaseViewportBy={400}
      listClassName="grid grid-cols-[repeat(auto-fill,minmax(min(100%,15rem),1fr))] gap-3 px-4 pb-6 md:px-6"
      itemContent={(_, provider) => <CompactCard provider={provider} actions={actions} />}
    />
  );
}

function CompactCard({ provider, actions }: { provider: PublicProvider; actions: HostActions }) {
  const host = useHost(provider.id);
  const meter = useLive(({ meters }) => meters[provider.id]);
  const view = compactView(provider, host, meter, useMarks());
  const tps = useFleetTick((nowMs) => Math.round(throughput(host, nowMs).outputTps * 10) / 10);
  const away = isAway(provider, host.liveness);
  const stale = useIsLost() || away;
  const { reason } = livenessView(provider, host.liveness, 0);
  const isControlled = useControlLine(provider) !== null;
  const note = reason ?? provider.tags.join(' · ');
  return (
    <article
      data-testid="host-card"
      data-provider={provider.id}
      aria-label={provider.label}
      className={`relative flex h-36 flex-col justify-between rounded-lg border bg-s1 p-3 hover:border-line-strong ${provider.maintenance ? 'border-dashed' : ''}`}
    >
      <div className="pr-8">
        <h2 className="flex items-center gap-2 text-sm font-semibold">
          <LivenessMark provider={provider} liveness={host.liveness} />
          <button
            type="button"
            onClick={() => actions.open(provider)}
            title={provider.label}
            className="min-w-0 truncate text-left after:absolute after:inset-0 after:rounded-lg"
          >
            {provider.label}
          </button>
        </h2>
        <p className="truncate text-xs">
          <LivenessText provider={provider} liveness={host.liveness} />
        </p>
        {isControlled ? (
          <p className="-mr-8 text-2xs">
            <ControlLine provider={provider} />
          </p>
        ) : (
          <p className={`-mr-8 truncate text-2xs ${reason ? 'text-fg2' : 'text-fg3'}`} title={note}>
            {note}
          </p>
        )}
        <div className="absolute top-1.5 right-1.5 z-10">
          <Menu label={`Actions for ${provider.label}`} items={actions.itemsFor(provider)} />
        </div>
      </div>
      <div className={`flex flex-col gap-1.5 ${stale ? 'stale' : ''}`}>
        <p className="flex h-5 items-center gap-1.5 overflow-hidden font-mono text-xs whitespace-nowrap text-fg2">
          {view.first ? (
            <>
              <Mark tone={view.first.tone} pulses={view.first.pulses} />
              <span className="truncate">{view.first.label}</span>
              {view.more > 0 && <span className="text-fg3">+{view.more}</span>}
            </>
          ) : (
            <span className="font-sans text-fg3">{view.noneText}</span>
          )}
        </p>
        {view.vram.fraction === null ? (
          <div className="h-2.75" />
        ) : (
          <div className="flex items-center gap-2">
            <div className="flex-1">
              <Bar label="VRAM" text={view.vramText} reading={view.vram} />
            </div>
            <span aria-hidden className="num min-w-22 text-right text-2xs leading-none text-fg2">
              {view.vramText}
            </span>
          </div>
        )}
        <div className="num flex justify-between text-xs whitespace-nowrap">
          <span className={away || tps === 0 ? 'text-fg3' : ''}>
            {away ? NONE : rate(tps)}
            <span className="unit">tok/s</span>
          </span>
          {isHost(provider) && (
            <>
              <span className={away || !view.inflight ? 'text-fg3' : ''}>
                {away ? NONE : count(view.inflight)}
                <span className="unit">in flight</span>
              </span>
              <span className={view.tempC === null ? 'text-fg3' : ''}>
                {view.tempC === null ? NONE : percent(view.tempC)}
                <span className="unit">°C</span>
              </span>
            </>
          )}
        </div>
      </div>
    </article>
  );
}
