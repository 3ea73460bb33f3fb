'use client';
import type { ReactNode } from 'react';
import { hostName } from '../control/names';

export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className="mb-2 font-semibold">{title}</h3>
      {children}
    </section>
  );
}

/** A model on a host, the host by its name. */
export function Target({ providerId, model }: { providerId: string; model: string }) {
  return (
    <span className="min-w-0 [overflow-wrap:anywhere]">
      {hostName(providerId)} <code className="font-mono text-xs text-fg2">{model}</code>
    </span>
  );
}
