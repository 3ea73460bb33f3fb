import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { PipelinedPublisher } from '../bus/publisher.js';
import type { BaseConfig } from '../config/config.js';
import type { Log } from '../logs/logger.js';
import { RpcClient } from '../rpc/client.js';
import { HealthRegistry } from './health.js';
import { Shutdown } from './shutdown.js';

/** Injection token of the NatsConnection. */
export const BUS = Symbol('BUS');
/** Injection token of the pino logger. */
export const LOG = Symbol('LOG');
/** Injection token of the service's configuration, as given to bootstrap(). */
export const CONFIG = Symbol('CONFIG');

/** What every service has; also injectable: by token (BUS, LOG, CONFIG) or class. */
export interface Platform<C extends BaseConfig = BaseConfig> {
  config: C;
  log: Log;
  nc: NatsConnection;
  publisher: PipelinedPublisher;
  rpc: RpcClient;
  health: HealthRegistry;
  shutdown: Shutdown;
}

@Global()
@Module({})
export class PlatformModule {
  static of(platform: Platform): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: platform.config },
      { provide: LOG, useValue: platform.log },
      { provide: BUS, useValue: platform.nc },
      { provide: PipelinedPublisher, useValue: platform.publisher },
      { provide: RpcClient, useValue: platform.rpc },
      { provide: HealthRegistry, useValue: platform.health },
      { provide: Shutdown, useValue: platform.shutdown },
    ];
    return { module: PlatformModule, providers, exports: providers.map(({ provide }) => provide) };
  }
}
