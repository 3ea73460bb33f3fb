import { BUCKETS, STREAMS } from '@boocontrol/contracts';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import {
  BUS,
  CONFIG,
  ensureBuckets,
  ensureStreams,
  HealthRegistry,
  LOG,
  PipelinedPublisher,
  Shutdown,
  type BaseConfig,
  type CheckResult,
  type Log,
} from '@boocontrol/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import { FleetPart } from './ownership/fleet-part.js';
import { ProviderRegistry } from './ownership/provider-registry.js';

/** Ties the registry of hosts to this process's part of the fleet. */
@Injectable()
export class IngestService implements OnApplicationBootstrap {
  private readonly part: FleetPart;
  private readonly registry: ProviderRegistry;

  constructor(
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(CONFIG) config: BaseConfig,
    @Inject(PipelinedPublisher) publisher: PipelinedPublisher,
    @Inject(HealthRegistry) health: HealthRegistry,
    @Inject(Shutdown) shutdown: Shutdown,
  ) {
    this.part = new FleetPart(config.SERVICE_INSTANCE, {
      nc,
      publisher,
      log,
      prepareBus: () => this.prepareBus(),
    });
    this.registry = new ProviderRegistry(nc, log, (hosts) => this.part.want(hosts));
    health.register('connectors', () => this.check());
    shutdown.onDrain('connectors', async () => {
      await this.registry.stop();
      await this.part.stop();
    });
  }

  onApplicationBootstrap(): void {
    this.registry.start();
    this.part.start();
    void this.followBus();
  }

  private async followBus(): Promise<void> {
    for await (const { type } of this.nc.status()) {
      if (type !== 'reconnect') continue;
      try {
        await this.prepareBus();
      } catch (error) {
        this.log.warn({ err: error }, 'the bus is back and its streams cannot be made yet');
      }
      this.part.busBack();
      await this.registry.reread();
    }
  }

  private async prepareBus(): Promise<void> {
    await ensureStreams(this.nc, STREAMS);
    await ensureBuckets(this.nc, BUCKETS);
  }

  /** A host that is down is the host's trouble and not ours: it is told, and the service is well. */
  private check(): CheckResult {
    const states = [...this.part.states.values()];
    const connected = states.filter((state) => state === 'connected').length;
    const detail = `${connected} of ${states.length} held hosts connected, ${this.part.wantedCount} in the fleet`;
    return { status: 'up', detail };
  }
}
