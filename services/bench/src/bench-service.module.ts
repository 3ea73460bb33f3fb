import { DatabaseModule, OutboxModule } from '@boocontrol/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { migrations } from './migrations.js';
import { SCHEMA } from './schema.js';
import { SuitesModule } from './suites/suites.module.js';

@Module({})
export class BenchServiceModule {
  static of(): DynamicModule {
    return {
      module: BenchServiceModule,
      imports: [
        DatabaseModule.forRoot({ schema: SCHEMA, migrations }),
        OutboxModule.forSchema(SCHEMA),
        SuitesModule,
      ],
    };
  }
}
