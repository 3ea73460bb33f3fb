import { LOG, pause, ProviderDirectory, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ProviderStore } from './provider.store.js';
import { RemovedHosts } from './removed-hosts.js';
import type { Declaration } from './seed-decision.js';
import { seedRegistry } from './seed-registry.js';

/** Injection token of the hosts that the file and the flags declare. */
export const DECLARATIONS = Symbol('DECLARATIONS');

const AGAIN_MS = 1_000;

/** Brings the declarations into the registry once it has been read; the bus may be away just then. */
@Injectable()
export class Seeding implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();

  constructor(
    @Inject(DECLARATIONS) private readonly declarations: readonly Declaration[],
    @Inject(ProviderDirectory) private readonly directory: ProviderDirectory,
    @Inject(ProviderStore) private readonly store: ProviderStore,
    @Inject(RemovedHosts) private readonly removed: RemovedHosts,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    void this.run();
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    await this.directory.ready;
    while (!signal.aborted) {
      try {
        return await seedRegistry(
          this.store,
          this.removed,
          this.declarations,
          this.directory.providers ?? [],
          this.log,
        );
      } catch (error) {
        this.log.warn({ err: error }, 'the declared hosts are not in the registry yet, trying again');
        await pause(AGAIN_MS, signal);
      }
    }
  }
}
