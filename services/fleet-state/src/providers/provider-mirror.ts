import { BUCKET } from '@boocontrol/contracts';
import {
  backoffDelayMs,
  BUS,
  HealthRegistry,
  isLostRace,
  LOG,
  ProviderDirectory,
  Rounds,
  type CheckResult,
  type Log,
  type RegistrySnapshot,
} from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { DataSource } from 'typeorm';
import { isWiped } from './bucket-position.js';
import {
  liveHosts,
  markRemovedExcept,
  readPosition,
  upsertHosts,
  writePosition,
} from './hosts.repository.js';

/** How often it looks whether the table still is what it wrote: the database may have been put back or emptied. */
const LOOK_EVERY_MS = 2_000;

/**
 * Keeps fleet.hosts equal to the registry, and gives a bucket that was wiped its providers back. Each turn compares
 * everything (dozens of keys), so it does not matter what was missed before.
 */
@Injectable()
export class ProviderMirror implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly rounds: Rounds;
  private forget: () => void = () => undefined;
  private problem: string | null = 'nothing is mirrored yet';

  constructor(
    @Inject(ProviderDirectory) private readonly directory: ProviderDirectory,
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(DataSource) private readonly source: DataSource,
    @Inject(LOG) private readonly log: Log,
    @Inject(HealthRegistry) health: HealthRegistry,
  ) {
    health.register('providers', () => this.health());
    this.rounds = new Rounds({
      log,
      trouble: 'providers are not mirrored at the moment, trying again',
      everyMs: LOOK_EVERY_MS,
      againMs: (failures) => backoffDelayMs(failures, { baseMs: 200, maxMs: 5_000 }, Math.random()),
      round: async () => {
        try {
          await this.mirror();
        } catch (error) {
          this.problem = error instanceof Error ? error.message : String(error);
          throw error;
        }
      },
    });
  }

  onApplicationBootstrap(): void {
    this.forget = this.directory.onChange(() => this.rounds.soon());
    this.rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.forget();
    await this.rounds.stop();
  }

  private health(): CheckResult {
    const detail = this.directory.trouble ?? this.problem;
    return detail === null ? { status: 'up' } : { status: 'down', detail };
  }

  /** One turn. @throws what bus or database answer */
  private async mirror(): Promise<void> {
    const registry = this.directory.snapshot;
    if (registry === null) return;
    const mirrored = await readPosition(this.source.manager);
    if (mirrored?.created !== registry.created || mirrored.revision !== registry.revision) {
      if (isWiped(mirrored, registry) && (await this.putBack(registry))) return;
      await this.write(registry);
    }
    this.problem = null;
  }

  private async write(registry: RegistrySnapshot): Promise<void> {
    const present = [...registry.entries].filter(([, { isDeleted }]) => !isDeleted);
    await this.source.transaction(async (tx) => {
      await upsertHosts(
        tx,
        present.flatMap(([, { value }]) => value ?? []),
      );
      // An entry that cannot be read is there all the same: the table keeps what it had of that host.
      await markRemovedExcept(
        tx,
        present.map(([id]) => id),
      );
      await writePosition(tx, registry);
    });
  }

  /**
   * Writes what the table has and the new bucket never had; a key that was written meanwhile wins, also when what was
   * written is its deletion. True when something was missing: the registry will tell of it, and then the turn is due.
   */
  private async putBack({ entries }: RegistrySnapshot): Promise<boolean> {
    const missing = (await liveHosts(this.source.manager)).filter(({ id }) => !entries.has(id));
    if (missing.length === 0) return false;
    const kv = await new Kvm(this.nc).open(BUCKET.providers);
    for (const { id, config } of missing) {
      try {
        await kv.put(id, JSON.stringify(config), { previousSeq: 0 });
        this.log.info({ providerId: id }, 'put back on the wiped bus');
      } catch (error) {
        if (!isLostRace(error)) throw error;
      }
    }
    return true;
  }
}
