'use client';
import { hostHref } from '../hosts/address';
import { LivenessMark } from '../hosts/LivenessLine';
import { useHost, useLive } from '../live';
import type { PublicProvider } from '@boocontrol/contracts';
import { PageLink } from '../shell/PageLink';

/** The hosts that /v1 can ask, one line each. */
export default function HostsView() {
  const providers = useLive((state) => state.providers);
  return (
    <ul className="flex flex-col gap-2 px-4 pb-4 md:px-6">
      {providers.map((provider) => (
        <Host key={provider.id} provider={provider} />
      ))}
    </ul>
  );
}

function Host({ provider }: { provider: PublicProvider }) {
  const { liveness } = useHost(provider.id);
  return (
    <li className="flex min-w-0 items-center gap-2 rounded-lg border bg-s1 px-4 py-2.5">
      <LivenessMark provider={provider} liveness={liveness} />
      <PageLink
        href={hostHref(provider.id)}
        className="min-w-0 truncate text-sm hover:text-accent pointer-coarse:leading-10"
      >
        {provider.label}
      </PageLink>
    </li>
  );
}
