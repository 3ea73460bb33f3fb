'use client';
import type { PublicProvider } from '@boocontrol/contracts';
import { useId } from 'react';
import { plural } from '../format/number';
import { useHost } from '../live';
import { Button } from '../ui/controls';
import type { HostActions } from '../hosts/actions';
import { LivenessMark, LivenessText } from '../hosts/LivenessLine';
import { showAgain } from '../hosts/marks';

interface HiddenHostsProps {
  /** Those that the filter lets through. */
  providers: readonly PublicProvider[];
  filtered: boolean;
  open: boolean;
  onOpen: (open: boolean) => void;
  actions: HostActions;
}

/** The quiet line below the hosts, and behind it those that somebody hid: dim, whatever their state. */
export function HiddenHosts({ providers, filtered, open, onOpen, actions }: HiddenHostsProps) {
  const id = useId();
  if (providers.length === 0) return null;
  const n = providers.length;
  const words = filtered
    ? `${plural(n, 'hidden host')} ${n === 1 ? 'matches' : 'match'}`
    : `${plural(n, 'host')} hidden`;
  return (
    <section aria-label="Hidden hosts" className="flex max-h-1/2 shrink-0 flex-col px-4 pb-4 md:px-6">
      <p>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => onOpen(!open)}
          className="h-8 pointer-coarse:h-10 text-sm text-fg3 hover:text-fg"
        >
          {words} · {open ? 'Fold' : 'Show'}
        </button>
      </p>
      <ul
        id={id}
        hidden={!open}
        className="grid min-h-0 grid-cols-[repeat(auto-fill,minmax(min(100%,22.5rem),1fr))] gap-x-4 gap-y-1 overflow-y-auto"
      >
        {open &&
          providers.map((provider) => <HiddenHost key={provider.id} provider={provider} actions={actions} />)}
      </ul>
    </section>
  );
}

function HiddenHost({ provider, actions }: { provider: PublicProvider; actions: HostActions }) {
  const { id, label } = provider;
  const { liveness } = useHost(id);
  return (
    <li
      data-hidden-host={id}
      className="flex h-10 min-w-0 items-center gap-2.5 rounded-md border border-dashed pr-1 pl-3 text-sm"
    >
      <span className="stale flex min-w-0 flex-1 items-center gap-2.5">
        <LivenessMark provider={provider} liveness={liveness} />
        <button
          type="button"
          title={label}
          onClick={() => actions.open(provider)}
          className="max-w-1/2 shrink-0 truncate hover:underline pointer-coarse:min-w-10 pointer-coarse:py-2.5 text-left"
        >
          {label}
        </button>
        <span className="min-w-0 truncate text-xs">
          <LivenessText provider={provider} liveness={liveness} />
        </span>
      </span>
      <Button
        look="quiet"
        className="h-8! px-2!"
        onClick={() => void showAgain({ providerId: id, model: null, label })}
      >
        Show again<span className="sr-only"> {label}</span>
      </Button>
    </li>
  );
}
