'use client';
import type { PublicProvider } from '@boocontrol/contracts';
import { useIsLost, useLease, useOpenActions } from '../live';
import { Mark } from '../ui/marks';
import { controlLine } from './control-line';

export function useControlLine(provider: PublicProvider): ReturnType<typeof controlLine> {
  const line = controlLine(provider, useLease(provider.id), useOpenActions(provider.id));
  return provider.enabled ? line : null;
}

/** What is being done with a host, in one line; nothing when there is nothing. */
export function ControlLine({ provider }: { provider: PublicProvider }) {
  const line = useControlLine(provider);
  const lost = useIsLost();
  if (!line) return null;
  return (
    <span
      data-testid="control-line"
      title={line.text}
      className={`flex min-w-0 items-center gap-1.5 text-fg2 ${lost ? 'stale' : ''}`}
    >
      <Mark tone={line.tone} />
      <span className="truncate">{line.text}</span>
    </span>
  );
}
