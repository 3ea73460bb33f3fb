'use client';
import { hostName } from '../control/names';

/** A model on a host, the host by its name. */
export function Target({ providerId, model }: { providerId: string; model: string }) {
  return (
    <span className="min-w-0 [overflow-wrap:anywhere]">
      {hostName(providerId)} <code className="font-mono text-xs text-fg2">{model}</code>
    </span>
  );
}
