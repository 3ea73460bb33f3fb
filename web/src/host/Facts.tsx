'use client';
import { v1Of, type HostState, type PublicProvider } from '@boocontrol/contracts';
import type { ReactNode } from 'react';
import { LivenessMark, LivenessText } from '../hosts/LivenessLine';
import { gapWords } from '../hosts/gap';
import { livenessView } from '../hosts/liveness';
import { dollarsOf, isHost, serviceView } from '../hosts/service';
import { useTick } from '../live';

interface FactsProps {
  provider: PublicProvider;
  host: HostState;
  /** False: its state is told above already. */
  withState: boolean;
}

/** What is known of a host beside its readings. */
export function Facts({ provider, host, withState }: FactsProps) {
  const { version, generation, monitoring } = host.liveness ?? {};
  const reason = livenessView(provider, host.liveness, 0).reason;
  const gap = useTick((nowMs) => (host.gap ? gapWords(host.gap, nowMs).full : ''));
  return (
    <dl className="grid grid-cols-[auto_1fr] content-start gap-x-6 gap-y-1.5 text-sm">
      {withState && (
        <Fact name="State">
          <span className="inline-flex items-center gap-2">
            <LivenessMark provider={provider} liveness={host.liveness} />
            <LivenessText provider={provider} liveness={host.liveness} />
          </span>
        </Fact>
      )}
      {reason && <Fact name="Why">{reason}</Fact>}
      {gap && <Fact name="Last gap">{gap}</Fact>}
      <Fact name="Address">
        <a
          href={provider.baseUrl}
          target="_blank"
          rel="noreferrer"
          className="inline-block font-mono text-accent [overflow-wrap:anywhere] hover:underline pointer-coarse:relative pointer-coarse:-my-2.5 pointer-coarse:py-2.5"
        >
          {provider.baseUrl}
        </a>
      </Fact>
      {isHost(provider) ? (
        <>
          <Fact name="llama-swap">
            {version?.version ?? 'version unknown'}
            {generation && <span className="text-fg2"> · wire generation {generation}</span>}
          </Fact>
          <Fact name="Monitoring">{MONITORING[monitoring ?? 'unknown']}</Fact>
        </>
      ) : (
        <ServiceFacts provider={provider} host={host} />
      )}
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

/** What is known of a provider that only answers requests. */
function ServiceFacts({ provider, host }: Omit<FactsProps, 'withState'>) {
  const { kind, models, list, keys } = serviceView(provider, host);
  const { default: price, models: single = [] } = provider.prices ?? {};
  return (
    <>
      <Fact name="Kind">{kind}</Fact>
      {v1Of(provider.baseUrl) !== provider.baseUrl && (
        <Fact name="Requests go to">
          <code className="font-mono">{v1Of(provider.baseUrl)}</code>
        </Fact>
      )}
      <Fact name="Models">{models}</Fact>
      {list !== null && <Fact name="List">answered in {list}</Fact>}
      <Fact name="Keys">{keys}</Fact>
      <Fact name="Price">
        {price === undefined ? 'not said' : `${dollarsOf(price)}, for a million tokens`}
        {single.length > 0 && (
          <ul className="text-fg2">
            {single.map(({ match, ...own }) => (
              <li key={match}>
                <code className="font-mono">{match}</code> {dollarsOf(own)}
              </li>
            ))}
          </ul>
        )}
      </Fact>
    </>
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
