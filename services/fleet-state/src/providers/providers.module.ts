import { BUS, HealthRegistry, JetStreamSetup, LOG, type Log } from '@boocontrol/platform';
import { Inject, Module } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { DataSource } from 'typeorm';
import { ProviderMirror } from './provider-mirror.js';

@Module({
  providers: [
    {
      provide: ProviderMirror,
      inject: [BUS, DataSource, LOG, JetStreamSetup],
      useFactory: (nc: NatsConnection, source: DataSource, log: Log, setup: JetStreamSetup): ProviderMirror =>
        new ProviderMirror({ nc, source, log, prepareBus: () => setup.ensure() }),
    },
  ],
})
export class ProvidersModule {
  constructor(
    @Inject(ProviderMirror) mirror: ProviderMirror,
    @Inject(HealthRegistry) health: HealthRegistry,
  ) {
    health.register('providers', () => mirror.health());
  }
}
