import { DatabaseModule, OutboxModule } from '@boocontrol/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { BaselinesModule } from './baselines/baselines.module.js';
import { EstimatesModule } from './estimates/estimates.module.js';
import { FiguresModule } from './figures/figures.module.js';
import { ImportsModule } from './imports/imports.module.js';
import { migrations } from './migrations.js';
import { RecordedModule } from './recorded/recorded.module.js';
import { RunsModule } from './runs/runs.module.js';
import { TIMINGS, type BenchTimings } from './runs/timings.js';
import type { Now } from './schedules/scheduler.js';
import { SchedulesModule } from './schedules/schedules.module.js';
import { SCHEMA } from './schema.js';
import { SuitesModule } from './suites/suites.module.js';

@Module({})
export class BenchServiceModule {
  /** @param timings shorter waits, for tests @param now the clock of schedules, for tests */
  static of(timings: BenchTimings = TIMINGS, now?: Now): DynamicModule {
    return {
      module: BenchServiceModule,
      imports: [
        DatabaseModule.forRoot({ schema: SCHEMA, migrations }),
        OutboxModule.forSchema(SCHEMA),
        SuitesModule,
        RunsModule.of(timings),
        BaselinesModule,
        FiguresModule,
        RecordedModule,
        SchedulesModule.of(now),
        EstimatesModule,
        ImportsModule,
      ],
    };
  }
}
