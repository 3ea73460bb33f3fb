import type { Problem } from '@boocontrol/contracts';
import { HostCommands } from '@boocontrol/llama-swap';
import { apiKeyOf, ENVIRONMENT, ProviderDirectory, type Environment } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';

/** Connections to hosts, as the registry describes them. */
@Injectable()
export class Hosts {
  constructor(
    @Inject(ProviderDirectory) private readonly directory: ProviderDirectory,
    @Inject(ENVIRONMENT) private readonly env: Environment,
  ) {}

  /** What people call it. */
  labelOf(providerId: string): string {
    return this.directory.get(providerId)?.label ?? providerId;
  }

  /** Why the host cannot be asked; null: it can. */
  problemOf(providerId: string): Problem | null {
    const provider = this.directory.get(providerId);
    if (provider === null)
      return { code: 'unknown_provider', message: `There is no host "${providerId}" any more.` };
    const key = apiKeyOf(provider, this.env, 'actions');
    return 'problem' in key ? key.problem : null;
  }

  /**
   * Runs what needs the host, over connections of its own.
   * @throws what `use` throws; {Error} when problemOf tells of a problem
   */
  async with<T>(providerId: string, use: (host: HostCommands) => Promise<T>): Promise<T> {
    const provider = this.directory.get(providerId);
    const key = provider === null ? null : apiKeyOf(provider, this.env, 'actions');
    if (provider === null || key === null || 'problem' in key)
      throw new Error(this.problemOf(providerId)?.message);
    const host = new HostCommands({ baseUrl: provider.baseUrl, ...key });
    try {
      return await use(host);
    } finally {
      await host.close();
    }
  }
}
