import { Module } from '@nestjs/common';
import { LeasesLive } from './leases-live.js';
import { LeasesController } from './leases.controller.js';

/** Who has which host to itself. */
@Module({ controllers: [LeasesController], providers: [LeasesLive], exports: [LeasesLive] })
export class LeasesModule {}
