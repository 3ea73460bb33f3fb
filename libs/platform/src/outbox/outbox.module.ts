import { Module, type DynamicModule } from '@nestjs/common';
import { Outbox, OUTBOX_SCHEMA } from './outbox.js';
import { outboxTable } from './outbox.repository.js';

/** Gives `Outbox` to every module of a service; to be imported once, beside DatabaseModule. */
@Module({})
export class OutboxModule {
  /**
   * @param schema that the service owns; `outboxMigration` makes its table
   * @throws {Error} when it is no plain name
   */
  static forSchema(schema: string): DynamicModule {
    outboxTable(schema);
    return {
      module: OutboxModule,
      global: true,
      providers: [Outbox, { provide: OUTBOX_SCHEMA, useValue: schema }],
      exports: [Outbox],
    };
  }
}
