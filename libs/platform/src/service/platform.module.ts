import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { NatsConnection } from '@nats-io/transport-node';
import { JetStreamSetup } from '../bus/jetstream-setup.js';
import { PipelinedPublisher } from '../bus/publisher.js';
import type { BaseConfig } from '../config/config.js';
import type { Log } from '../logs/logger.js';
import { RpcClient } from '../rpc/client.js';
import { HealthRegistry } from '../health/health.js';
import { ConsumerHost } from './consumer-host.js';
import { DecoratedMethods } from './decorated-methods.js';
import { BUS, CONFIG, LOG, SERVICE_NAME } from './tokens.js';

/** What every service has; also injectable: by token (BUS, LOG, CONFIG) or class. */
export interface Platform<C extends BaseConfig = BaseConfig> {
  /** Of the service. */
  name: string;
  config: C;
  log: Log;
  nc: NatsConnection;
  setup: JetStreamSetup;
  publisher: PipelinedPublisher;
  rpc: RpcClient;
  health: HealthRegistry;
}

@Global()
@Module({})
export class PlatformModule {
  static of(platform: Platform): DynamicModule {
    const made = [
      { provide: SERVICE_NAME, useValue: platform.name },
      { provide: CONFIG, useValue: platform.config },
      { provide: LOG, useValue: platform.log },
      { provide: BUS, useValue: platform.nc },
      { provide: JetStreamSetup, useValue: platform.setup },
      { provide: PipelinedPublisher, useValue: platform.publisher },
      { provide: RpcClient, useValue: platform.rpc },
      { provide: HealthRegistry, useValue: platform.health },
    ];
    return {
      module: PlatformModule,
      imports: [DiscoveryModule],
      providers: [...made, DecoratedMethods, ConsumerHost],
      exports: made.map(({ provide }) => provide),
    };
  }
}
