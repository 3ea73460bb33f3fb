import { providerAt } from '@boocontrol/fleet-model';
import { LiveFleet, pause, ProviderDirectory, RpcError } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { World } from './decide.js';
import { LEASE_DESK, type LeaseDesk } from './lease-desk.js';

const READY_EVERY_MS = 100;

/** What this process knows of hosts. */
@Injectable()
export class Worlds {
  constructor(
    @Inject(LiveFleet) private readonly live: LiveFleet,
    @Inject(ProviderDirectory) private readonly directory: ProviderDirectory,
    @Inject(LEASE_DESK) private readonly leases: LeaseDesk,
  ) {}

  /** @throws {RpcError} `unavailable` while the state of the fleet has not been read, or when the bus does not tell of leases */
  async of(providerId: string): Promise<World> {
    const { state } = this.live;
    if (state === null || !this.directory.isRead)
      throw new RpcError('unavailable', 'The state of the hosts is still being read; try again in a moment.');
    const lease = await this.leases.inTheWay(providerId);
    const known = this.directory.get(providerId);
    const provider = known && providerAt(known, Date.now());
    return { provider, host: state.hosts[providerId] ?? null, lease };
  }

  /** The same; waits until the state of the fleet has been read, or the signal fires. */
  async whenRead(providerId: string, signal: AbortSignal): Promise<World> {
    while (this.live.state === null || !this.directory.isRead) {
      signal.throwIfAborted();
      await pause(READY_EVERY_MS, signal);
    }
    return this.of(providerId);
  }
}
