import { Module, type DynamicModule } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { ActivityController } from './activity/activity.controller.js';
import { HistoryDb } from './db/history-db.js';
import { EventsController } from './events/events.controller.js';
import { PerfController } from './perf/perf.controller.js';
import { SeedController } from './seed/seed.controller.js';
import { TotalsController } from './totals/totals.controller.js';

/** Answers queries. */
@Module({})
export class FleetStateModule {
  static of(source: DataSource): DynamicModule {
    return {
      module: FleetStateModule,
      controllers: [ActivityController, TotalsController, EventsController, PerfController, SeedController],
      providers: [{ provide: HistoryDb, useValue: new HistoryDb(source) }],
    };
  }
}
