'use client';
import type { HostState, PublicProvider } from '@boocontrol/contracts';
import { lazy, Suspense, useMemo, type ReactNode } from 'react';
import type { RangeRules } from '../browser/range';
import { useRange } from '../browser/use-range';
import { RangePicker } from '../page/RangePicker';
import { useHost, useIsLost, useTick } from '../live';
import { StaleNote } from '../live/StaleNote';
import { Drawer } from '../ui/Drawer';
import { Menu } from '../ui/Menu';
import { Tag } from '../ui/marks';
import { Awaiting } from '../ui/controls';
import type { HostActions } from './actions';
import type { IsFavorite } from './favorites';
import { gapWords } from '../hosts/gap';
import { monitoringNotice } from './instruments';
import { livenessView } from '../hosts/liveness';
import { LivenessMark, LivenessText } from './LivenessLine';
import { ModelRow, OtherModels } from './ModelRows';
import { groupModels } from './models';

const HostCharts = lazy(() => import('../charts/HostCharts'));

/** Readings are kept for weeks, not for all time. */
const RANGE: RangeRules = { fallback: '15m', presets: ['15m', '1h', '6h', '24h', '7d', '30d'] };

interface HostDrawerProps {
  provider: PublicProvider;
  isFavorite: IsFavorite;
  actions: HostActions;
  onClose: () => void;
}

export default function HostDrawer({ provider, isFavorite, actions, onClose }: HostDrawerProps) {
  const host = useHost(provider.id);
  const lost = useIsLost();
  const [range, setRange] = useRange(RANGE);
  const groups = useMemo(
    () => groupModels(host, (model) => isFavorite(provider.id, model)),
    [host, isFavorite, provider.id],
  );
  const notice = monitoringNotice(host);
  return (
    <Drawer
      title={provider.label}
      onClose={onClose}
      aside={
        <>
          {provider.tags.map((tag) => (
            <Tag key={tag}>{tag}</Tag>
          ))}
          <span className="ml-auto">
            <Menu
              label={`Actions for ${provider.label}`}
              items={actions.itemsFor(provider).filter(({ label }) => label !== 'Details and charts')}
            />
          </span>
        </>
      }
    >
      <StaleNote />
      <div className={lost ? 'stale' : ''}>
        <Facts provider={provider} host={host} />
        <div className="mt-6 mb-3 flex items-center justify-between gap-3">
          <h3 className="font-semibold">Over time</h3>
          <RangePicker value={range} onChange={setRange} presets={RANGE.presets} />
        </div>
        {notice && <p className="mb-3 text-sm text-fg2">{notice}</p>}
        <Suspense fallback={<Awaiting>Loading the charts.</Awaiting>}>
          <HostCharts providerId={provider.id} range={range} />
        </Suspense>
        <h3 className="mt-6 mb-1 font-semibold">Models</h3>
        <ul>
          {[...groups.loaded, ...groups.failed].map((view) => (
            <ModelRow key={view.id} providerId={provider.id} view={view} />
          ))}
        </ul>
        <OtherModels providerId={provider.id} views={groups.others} open />
      </div>
    </Drawer>
  );
}

function Facts({ provider, host }: { provider: PublicProvider; host: HostState }) {
  const { version, generation, monitoring } = host.liveness ?? {};
  const reason = livenessView(provider, host.liveness, 0).reason;
  const gap = useTick((nowMs) => (host.gap ? gapWords(host.gap, nowMs).full : ''));
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 text-sm">
      <Fact name="State">
        <span className="inline-flex items-center gap-2">
          <LivenessMark provider={provider} liveness={host.liveness} />
          <LivenessText provider={provider} liveness={host.liveness} />
        </span>
      </Fact>
      {reason && <Fact name="Why">{reason}</Fact>}
      {gap && <Fact name="Last gap">{gap}</Fact>}
      <Fact name="Address">
        <a
          href={provider.baseUrl}
          target="_blank"
          rel="noreferrer"
          className="font-mono text-accent hover:underline"
        >
          {provider.baseUrl}
        </a>
      </Fact>
      <Fact name="llama-swap">
        {version?.version ?? 'version unknown'}
        {generation && <span className="text-fg2"> · wire generation {generation}</span>}
      </Fact>
      <Fact name="Monitoring">{MONITORING[monitoring ?? 'unknown']}</Fact>
      {provider.apiKeyEnv && (
        <Fact name="API key">
          <code className="font-mono">{provider.apiKeyEnv}</code>
          {provider.apiKeySet ? ', set' : ', not set where BooControl runs'}
        </Fact>
      )}
      <Fact name="Declared">{ORIGIN[provider.origin]}</Fact>
    </dl>
  );
}

const MONITORING = {
  on: 'on',
  off: 'off in its config',
  absent: 'not offered by this llama-swap version',
  unknown: 'not known yet',
} as const;
const ORIGIN = {
  file: 'in boocontrol.yaml',
  flag: 'with --host at the start',
  api: 'in the browser or over the API',
  demo: 'by the demo fleet',
} as const;

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-fg3">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </>
  );
}
