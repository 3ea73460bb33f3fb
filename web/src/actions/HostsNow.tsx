'use client';
import type { PublicProvider } from '@boocontrol/contracts';
import { HostControl } from '../control/HostControl';
import { hostHref } from '../hosts/address';
import { LivenessMark } from '../hosts/LivenessLine';
import { useHost, useLive } from '../live';
import { PageLink } from '../shell/PageLink';
import { Awaiting } from '../ui/controls';

/** The queues of all hosts, who has which, which are in maintenance. @param of this host; null: all */
export function HostsNow({ of }: { of: string | null }) {
  const actions = useLive((state) => state.actions);
  const leases = useLive((state) => state.leases);
  const providers = useLive((state) => state.providers);
  if (!actions || !leases) return <Awaiting>Waiting for the queues from BooControl.</Awaiting>;
  const held = new Set(leases.leases.map(({ providerId }) => providerId));
  const shown = providers.filter(
    ({ id, enabled, maintenance }) =>
      (of === null || of === id) &&
      enabled &&
      (id in actions.open || held.has(id) || maintenance !== undefined),
  );
  const troubles = [...new Set([actions.trouble, leases.trouble])].filter((text) => text !== null);
  return (
    <section aria-label="Now" className="flex flex-col gap-2 px-4 pb-4 md:px-6">
      {troubles.map((text) => (
        <p key={text} role="status" className="rounded-md border border-busy/50 bg-busy/8 px-3 py-2 text-sm">
          What is shown here may be old. {text}
        </p>
      ))}
      {shown.length === 0 && (
        <p className="text-sm text-fg2">
          Nothing is under way, and nobody has a host to themselves. Models are loaded and unloaded from a
          host’s card or page, or by their name in the palette<span className="max-md:hidden"> (Ctrl K)</span>
          .
        </p>
      )}
      <ul className="grid gap-2 lg:grid-cols-2">
        {shown.map((provider) => (
          <Host key={provider.id} provider={provider} />
        ))}
      </ul>
    </section>
  );
}

function Host({ provider }: { provider: PublicProvider }) {
  const { liveness } = useHost(provider.id);
  return (
    <li data-provider={provider.id} className="flex min-w-0 flex-col gap-2 rounded-lg border bg-s1 p-3">
      <p className="flex min-w-0 items-center gap-2">
        <LivenessMark provider={provider} liveness={liveness} />
        <PageLink
          href={hostHref(provider.id)}
          title={provider.label}
          className="min-w-0 truncate text-sm font-medium hover:text-accent pointer-coarse:leading-10"
        >
          {provider.label}
        </PageLink>
      </p>
      <HostControl provider={provider} detailed />
    </li>
  );
}
