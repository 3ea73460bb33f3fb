import { ProviderInputSchema, type ProviderInput } from '@boocontrol/contracts';

/** What the gateway seeds the registry with besides the fleet file (BOOCONTROL_SEED). */
export type SeedEntry = ProviderInput & { origin: 'flag' | 'demo' };

/**
 * A provider for each --host address, its id made from the host name and, where that is taken, the port.
 * Throws an Error that names the address when one is not usable.
 */
export function providersFromFlags(addresses: string[]): SeedEntry[] {
  const taken = new Set<string>();
  return addresses.map((address) => {
    const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
    const url = URL.canParse(text) ? new URL(text) : null;
    const id = url ? freeId(url, taken) : 'host';
    const parsed = ProviderInputSchema.safeParse({ id, label: url?.hostname, baseUrl: text });
    if (!parsed.success) {
      throw new Error(`--host ${address}: ${parsed.error.issues.map((issue) => issue.message).join('; ')}`);
    }
    taken.add(id);
    return { ...parsed.data, origin: 'flag' };
  });
}

function freeId(url: URL, taken: Set<string>): string {
  const slug = (text: string): string =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 56)
      .replace(/-+$/, '') || 'host';
  const base = slug(url.hostname);
  const withPort = slug(`${base}-${url.port || (url.protocol === 'https:' ? '443' : '80')}`);
  const candidates = [base, withPort, ...Array.from({ length: 99 }, (_, i) => `${withPort}-${i + 2}`)];
  return candidates.find((id) => !taken.has(id)) ?? withPort;
}
