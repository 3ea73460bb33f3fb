import type { hostRefusals, Provider, Refusals } from '@boocontrol/contracts';
import { providerAt } from '@boocontrol/fleet-model';
import { type LiveFleet, type ProviderDirectory, refuse, RpcError, unavailable } from '@boocontrol/platform';
import { noHost } from './no-host.js';

/**
 * A host that can be asked for something at this moment.
 * @param call whose refusals say why it cannot
 * @throws {CallError} when it is not registered, no llama-swap host, switched off, in maintenance or away
 * @throws {RpcError} `unavailable` while the hosts have not been read
 */
export function availableHost(
  call: Refusals<keyof typeof hostRefusals.errors>,
  { directory, live }: { directory: ProviderDirectory; live: LiveFleet },
  providerId: string,
): Provider {
  const fleet = live.state;
  if (directory.providers === null || fleet === null)
    throw new RpcError('unavailable', 'The hosts have not been read yet; try again in a moment.');
  const provider = directory.get(providerId);
  if (provider === null)
    throw refuse(
      call,
      'unknown_provider',
      `There is no host "${providerId}". Look at the list of hosts; it may have been removed.`,
    );
  const why =
    noHost(provider) ?? unavailable(providerAt(provider, Date.now()), fleet.hosts[providerId] ?? null);
  if (why !== null) throw refuse(call, why.code, why.message, why.details);
  return provider;
}
