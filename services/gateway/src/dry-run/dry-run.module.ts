import { Module } from '@nestjs/common';
import { RoutingModule } from '../routing/routing.module.js';
import { DryRunController } from './dry-run.controller.js';
import { PastFleet } from './past-fleet.js';

/** Policies that are being edited, held against the requests of the last day. */
@Module({ imports: [RoutingModule], controllers: [DryRunController], providers: [PastFleet] })
export class DryRunModule {}
