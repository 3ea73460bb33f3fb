import { HostLeases } from '@boocontrol/client';
import { HostAdmission, LiveFleet, ProviderDirectory, recentTraffic } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SCHEMA } from '../schema.js';
import { jobs } from './jobs.js';
import { OUR_SOURCE } from './our-source.js';

/** Whether a host can be measured now, and whom that would disturb. */
@Injectable()
export class Admission extends HostAdmission {
  constructor(
    @Inject(DataSource) db: DataSource,
    @Inject(LiveFleet) live: LiveFleet,
    @Inject(ProviderDirectory) directory: ProviderDirectory,
    @Inject(HostLeases) leases: HostLeases,
  ) {
    super({
      live,
      directory,
      leases,
      ownSource: OUR_SOURCE,
      isOurLease: (lease) => jobs.isOurLease(db, lease),
      recentUse: (providerId, withinS) => recentTraffic(db, SCHEMA, providerId, withinS),
    });
  }
}
