import { DatabaseModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { ActivityModule } from './activity/activity.module.js';
import { CapturesModule } from './captures/captures.module.js';
import { DispatchesModule } from './dispatches/dispatches.module.js';
import { EventsModule } from './events/events.module.js';
import { MaintenanceModule } from './maintenance/maintenance.module.js';
import { migrations } from './migrations.js';
import { PerfModule } from './perf/perf.module.js';
import { ProjectionModule } from './projection/projection.module.js';
import { ProvidersModule } from './providers/providers.module.js';
import { SeedModule } from './seed/seed.module.js';
import { TotalsModule } from './totals/totals.module.js';

@Module({
  imports: [
    DatabaseModule.forRoot({ schema: 'fleet', migrations }),
    ProjectionModule,
    DispatchesModule,
    CapturesModule,
    ProvidersModule,
    MaintenanceModule,
    ActivityModule,
    TotalsModule,
    EventsModule,
    PerfModule,
    SeedModule,
  ],
})
export class FleetStateModule {}
