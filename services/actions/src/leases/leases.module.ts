import { HostLeases } from '@boocontrol/client';
import { BUS, LiveFleetModule, ProviderDirectoryModule } from '@boocontrol/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import { Module } from '@nestjs/common';
import { ForeignRequestsConsumer } from './foreign-requests.consumer.js';
import { LeaseExpiry } from './lease-expiry.js';
import { LeaseLedger } from './lease-ledger.js';
import { LeasesController } from './leases.controller.js';

/** Who has which host to itself: the calls, and the history in the table. Gives `HostLeases` to whoever imports it. */
@Module({
  imports: [LiveFleetModule, ProviderDirectoryModule],
  controllers: [LeasesController],
  providers: [
    { provide: HostLeases, inject: [BUS], useFactory: (nc: NatsConnection) => new HostLeases(nc) },
    LeaseLedger,
    LeaseExpiry,
    ForeignRequestsConsumer,
  ],
  exports: [HostLeases],
})
export class LeasesModule {}
