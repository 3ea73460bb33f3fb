import type { HostState, PublicProvider } from '@boocontrol/contracts';

/** Hosts whose name, id, address or one of whose tags holds every word; with models, also a model's name. */
export function filterProviders(
  providers: readonly PublicProvider[],
  hosts: Readonly<Record<string, HostState>>,
  text: string,
): readonly PublicProvider[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return providers;
  return providers.filter((provider) => {
    const host = hosts[provider.id];
    const hay = [
      provider.label,
      provider.id,
      provider.baseUrl,
      ...provider.tags,
      provider.enabled ? (host?.liveness?.state ?? '') : 'disabled',
      ...(host?.models ?? []).filter(({ state }) => state !== 'stopped').map(({ id }) => id),
    ]
      .join('\n')
      .toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}

/** By label, numbers by their value (host-2 before host-10); what is disabled comes last. */
export const byLabel = (a: PublicProvider, b: PublicProvider): number =>
  Number(b.enabled) - Number(a.enabled) ||
  a.label.localeCompare(b.label, 'en', { numeric: true }) ||
  (a.id < b.id ? -1 : 1);

/** Those that pass, then those that do not, each in the order they came. */
export function partition<T>(items: readonly T[], passes: (item: T) => boolean): [T[], T[]] {
  const sides: [T[], T[]] = [[], []];
  for (const item of items) sides[passes(item) ? 0 : 1].push(item);
  return sides;
}
