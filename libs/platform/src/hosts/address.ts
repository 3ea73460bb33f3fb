import type { Problem } from '@boocontrol/contracts';
import { apiKeyOf, type Environment } from '../providers/api-key.js';
import type { ProviderDirectory } from '../providers/provider-directory.js';

export interface Address {
  url: string;
  apiKey?: string;
}

/** Where a host is, as the registry describes it. @param service named in the problem of a key that is missing */
export function addressOf(
  providerId: string,
  { directory, env, service }: { directory: ProviderDirectory; env: Environment; service: string },
): Address | { problem: Problem } {
  const provider = directory.get(providerId);
  if (provider === null)
    return { problem: { code: 'unknown_provider', message: `There is no host "${providerId}" any more.` } };
  const key = apiKeyOf(provider, env, service);
  return 'problem' in key ? key : { url: provider.baseUrl, ...key };
}
