import { LiveFleetModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { ActionsModule } from '../actions/actions.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { LeasesModule } from '../leases/leases.module.js';
import { MarksModule } from '../marks/marks.module.js';
import { UnderWayModule } from '../under-way/under-way.module.js';
import { ControlGateway } from './control.gateway.js';
import { Hub } from './hub.js';
import { MadeRows } from './made-rows.js';

/** What browsers are told as it happens: socket.io, namespace /control. */
@Module({
  imports: [LiveFleetModule, MarksModule, ActionsModule, JobsModule, LeasesModule, UnderWayModule],
  providers: [ControlGateway, Hub, MadeRows],
})
export class LiveModule {}
