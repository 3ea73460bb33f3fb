import type { Problem } from '@boocontrol/contracts';
import { apiKeyOf, ENVIRONMENT, ProviderDirectory, type Environment } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';

export interface Address {
  url: string;
  apiKey?: string;
}

/** Where hosts are, as the registry describes them. */
@Injectable()
export class Addresses {
  constructor(
    @Inject(ProviderDirectory) private readonly directory: ProviderDirectory,
    @Inject(ENVIRONMENT) private readonly env: Environment,
  ) {}

  of(providerId: string): Address | { problem: Problem } {
    const provider = this.directory.get(providerId);
    if (provider === null)
      return {
        problem: { code: 'unknown_provider', message: `There is no host "${providerId}" any more.` },
      };
    const key = apiKeyOf(provider, this.env, 'bench');
    return 'problem' in key ? key : { url: provider.baseUrl, ...key };
  }
}
