import { ProviderInputSchema, type ProviderInput } from '@boocontrol/contracts';

/** What the gateway seeds the registry with besides the fleet file (BOOCONTROL_SEED). */
export type SeedEntry = ProviderInput & { origin: 'flag' | 'demo' };

/**
 * A provider for each --host address, its id made from the host name and, where that is taken, the port; its label is
 * the address without the scheme, with the port wherever that is not the scheme's own or another has the label.
 * Throws an Error that names the address when one is not usable.
 */
export function providersFromFlags(addresses: string[]): SeedEntry[] {
  const taken = new Set<string>();
  const labels = new Set<string>();
  return addresses.map((address) => {
    const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
    const url = URL.canParse(text) ? new URL(text) : null;
    const id = url ? freeId(url, taken) : 'host';
    const label = url && labels.has(url.host) ? `${url.hostname}:${portOf(url)}` : url?.host;
    const parsed = ProviderInputSchema.safeParse({ id, label, baseUrl: text });
    if (!parsed.success) {
      throw new Error(`--host ${address}: ${parsed.error.issues.map((issue) => issue.message).join('; ')}`);
    }
    taken.add(id);
    labels.add(label ?? id);
    return { ...parsed.data, origin: 'flag' };
  });
}

function portOf(url: URL): string {
  return url.port || (url.protocol === 'https:' ? '443' : '80');
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
  const withPort = slug(`${base}-${portOf(url)}`);
  const candidates = [base, withPort, ...Array.from({ length: 99 }, (_, i) => `${withPort}-${i + 2}`)];
  return candidates.find((id) => !taken.has(id)) ?? withPort;
}
