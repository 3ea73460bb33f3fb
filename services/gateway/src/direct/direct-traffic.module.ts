import { LiveFleetModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { DispatchesModule } from '../dispatches/dispatches.module.js';
import { V1Module } from '../v1/v1.module.js';
import { DirectTraffic } from './direct-traffic.js';

/** Requests that hosts got from elsewhere. */
@Module({
  imports: [LiveFleetModule, DispatchesModule, V1Module],
  providers: [DirectTraffic],
  exports: [DirectTraffic],
})
export class DirectTrafficModule {}
