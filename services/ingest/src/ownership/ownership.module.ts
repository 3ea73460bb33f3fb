import { ProviderDirectoryModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { HostModule } from '../host/host.module.js';
import { OwnedHosts } from './owned-hosts.js';
import { OwnerLeases } from './owner-leases.js';

@Module({ imports: [ProviderDirectoryModule, HostModule], providers: [OwnerLeases, OwnedHosts] })
export class OwnershipModule {}
