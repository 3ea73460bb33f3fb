import { LiveFleetModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { FleetController } from './fleet.controller.js';

@Module({ imports: [LiveFleetModule], controllers: [FleetController] })
export class FleetModule {}
