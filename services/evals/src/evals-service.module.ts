import { DatabaseModule, OutboxModule } from '@boocontrol/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { GradingModule } from './grading/grading.module.js';
import { migrations } from './migrations.js';
import { ReferencesModule } from './references/references.module.js';
import { RunsModule } from './runs/runs.module.js';
import type { Engine } from './runs/engine.js';
import { TIMINGS, type EvalTimings } from './runs/timings.js';
import { SCHEMA } from './schema.js';
import { ScoresModule } from './scores/scores.module.js';
import { SuitesModule } from './suites/suites.module.js';

@Module({})
export class EvalsServiceModule {
  /** @param timings shorter waits, for tests @param engine how is asked and graded, for tests */
  static of(timings: EvalTimings = TIMINGS, engine?: Engine): DynamicModule {
    return {
      module: EvalsServiceModule,
      imports: [
        DatabaseModule.forRoot({ schema: SCHEMA, migrations }),
        OutboxModule.forSchema(SCHEMA),
        SuitesModule,
        GradingModule,
        ReferencesModule,
        RunsModule.of(timings, engine),
        ScoresModule,
      ],
    };
  }
}
