import { ENVIRONMENT, ProviderDirectoryModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { TIMINGS } from '../timings.js';
import { CONNECTOR_TIMINGS, ConnectorFactory } from './connector-factory.js';
import { OwnedHosts } from './owned-hosts.js';
import { OwnerLeases } from './owner-leases.js';

@Module({
  imports: [ProviderDirectoryModule],
  providers: [
    OwnerLeases,
    OwnedHosts,
    ConnectorFactory,
    { provide: ENVIRONMENT, useValue: process.env },
    { provide: CONNECTOR_TIMINGS, useValue: TIMINGS },
  ],
})
export class OwnershipModule {}
