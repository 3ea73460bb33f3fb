import { v1Of, type Provider } from '@boocontrol/contracts';
import { normalAddress } from '@boocontrol/fleet-model';
import type { Registry } from './provider.store.js';

/**
 * Which other host has this address already; null when none has. A host that is followed twice has every request counted
 * twice, and for good. A disabled one counts: it can be enabled at any time. With or without its /v1 an address is the same.
 */
export function holderOf(
  { id, baseUrl }: Pick<Provider, 'id' | 'baseUrl'>,
  { entries }: Pick<Registry, 'entries'>,
): Provider | null {
  const address = placeOf(baseUrl);
  for (const stored of entries.values()) {
    if (stored.state !== 'present' || stored.provider === null) continue;
    const other = stored.provider;
    if (other.id !== id && placeOf(other.baseUrl) === address) return other;
  }
  return null;
}

const placeOf = (baseUrl: string): string => normalAddress(v1Of(baseUrl));

/** How people find the host: its label, and its id where that says more. */
export function nameOf({ id, label }: Pick<Provider, 'id' | 'label'>): string {
  return label === id ? `"${id}"` : `"${label}" (${id})`;
}
