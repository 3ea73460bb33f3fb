import { calls, type HostProfiles } from '@boocontrol/contracts';
import { HostError } from '@boocontrol/llama-swap';
import { LiveFleet, ProviderDirectory, refuse, RpcError, Serve } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { unavailable } from '../availability/unavailable.js';
import { Hosts } from './hosts.js';

const TIMEOUT_MS = 5_000;

/** Asked of the host each time: nothing else tells of its profiles. */
@Controller()
export class ProfilesController {
  constructor(
    @Inject(ProviderDirectory) private readonly directory: ProviderDirectory,
    @Inject(LiveFleet) private readonly live: LiveFleet,
    @Inject(Hosts) private readonly hosts: Hosts,
  ) {}

  @Serve(calls.hostProfiles)
  async profiles({ providerId }: z.output<typeof calls.hostProfiles.request>): Promise<HostProfiles> {
    const fleet = this.live.state;
    if (this.directory.providers === null || fleet === null)
      throw new RpcError('unavailable', 'The hosts have not been read yet; try again in a moment.');
    const provider = this.directory.get(providerId);
    if (provider?.kind !== 'llama-swap')
      throw refuse(
        calls.hostProfiles,
        'unknown_provider',
        `There is no host "${providerId}". Look at the list of hosts; it may have been removed.`,
      );
    const why = unavailable(provider, fleet.hosts[providerId] ?? null);
    if (why !== null) throw refuse(calls.hostProfiles, why.code, why.message, why.details);
    const problem = this.hosts.problemOf(providerId);
    if (problem !== null) throw refuse(calls.hostProfiles, 'host_offline', problem.message);
    try {
      const said = await this.hosts.with(providerId, (host) => host.profiles({ timeoutMs: TIMEOUT_MS }));
      if (said.ok) return { active: said.active, profiles: said.profiles };
      throw refuse(
        calls.hostProfiles,
        'not_offered',
        `The llama-swap of ${provider.label} has no profiles; it takes v240 or later.`,
      );
    } catch (cause) {
      if (!(cause instanceof HostError)) throw cause;
      throw refuse(calls.hostProfiles, 'host_offline', `${provider.label} does not answer. ${cause.message}`);
    }
  }
}
