import { Module } from '@nestjs/common';
import { LeaseBook } from './lease-book.js';
import { LeasesLive } from './leases-live.js';
import { LeasesController } from './leases.controller.js';

/** Who has which host to itself. */
@Module({
  controllers: [LeasesController],
  providers: [LeasesLive, LeaseBook],
  exports: [LeasesLive, LeaseBook],
})
export class LeasesModule {}
