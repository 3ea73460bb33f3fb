import { DatabaseModule, OutboxModule } from '@boocontrol/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { ActionsModule } from './actions/actions.module.js';
import { TIMINGS, type ActionTimings } from './actions/timings.js';
import { LeasesModule } from './leases/leases.module.js';
import { migrations } from './migrations.js';
import { SCHEMA } from './schema.js';

@Module({})
export class ActionsServiceModule {
  /** @param timings shorter waits, for tests */
  static of(timings: ActionTimings = TIMINGS): DynamicModule {
    return {
      module: ActionsServiceModule,
      imports: [
        DatabaseModule.forRoot({ schema: SCHEMA, migrations }),
        OutboxModule.forSchema(SCHEMA),
        LeasesModule,
        ActionsModule.of(timings),
      ],
    };
  }
}
