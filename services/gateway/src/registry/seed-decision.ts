import { createHash } from 'node:crypto';
import type { Provider, ProviderInputSchema } from '@boocontrol/contracts';
import type { z } from 'zod';

/** A provider as boocontrol.yaml, --host or the demo declares it. */
export interface Declaration {
  origin: 'file' | 'flag' | 'demo';
  input: z.output<typeof ProviderInputSchema>;
  hash: string;
}

/** `seedHash`: what the entry, or the one that was deleted, was declared as; null when it was not or is not known. */
export type Registered = { state: 'absent' } | { state: 'present' | 'deleted'; seedHash: string | null };

export type SeedDecision = 'create' | 'overwrite' | 'keep' | 'stay_deleted';

/**
 * The declaration wins when it is new or was edited since it was last applied; otherwise what people did in the
 * browser stands, deletion included.
 */
export function decideSeed(hash: string, registered: Registered): SeedDecision {
  switch (registered.state) {
    case 'absent':
      return 'create';
    case 'present':
      return registered.seedHash === hash ? 'keep' : 'overwrite';
    case 'deleted':
      return registered.seedHash === hash ? 'stay_deleted' : 'create';
  }
}

/** The demo's hosts live as long as the demo. */
export function isLeftover(
  provider: Pick<Provider, 'id' | 'origin'>,
  declared: ReadonlySet<string>,
): boolean {
  return provider.origin === 'demo' && !declared.has(provider.id);
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, field]) => [key, canonical(field)]),
  );
}

/** Of what was declared, whatever the order of its fields. */
export function seedHash(origin: Declaration['origin'], input: Declaration['input']): string {
  const text = JSON.stringify(canonical({ origin, input }));
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
