import { Module } from '@nestjs/common';
import { LeasesController } from './leases.controller.js';

/** Who has which host to itself. */
@Module({ controllers: [LeasesController] })
export class LeasesModule {}
