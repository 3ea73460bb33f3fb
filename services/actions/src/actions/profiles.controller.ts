import { calls, type HostProfiles } from '@boocontrol/contracts';
import { HostError } from '@boocontrol/llama-swap';
import { LiveFleet, ProviderDirectory, refuse, Serve } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { availableHost } from '../availability/available-host.js';
import { Hosts } from './hosts.js';

const TIMEOUT_MS = 5_000;

/** Asked of the host each time: nothing else tells of its profiles. */
@Controller()
export class ProfilesController {
  constructor(
    @Inject(ProviderDirectory) readonly directory: ProviderDirectory,
    @Inject(LiveFleet) readonly live: LiveFleet,
    @Inject(Hosts) private readonly hosts: Hosts,
  ) {}

  @Serve(calls.hostProfiles)
  async profiles({ providerId }: z.output<typeof calls.hostProfiles.request>): Promise<HostProfiles> {
    const provider = availableHost(calls.hostProfiles, this, providerId);
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
