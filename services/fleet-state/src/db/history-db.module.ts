import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { HistoryDb } from './history-db.js';

/** HistoryDb for the modules that answer questions. */
@Module({
  providers: [
    {
      provide: HistoryDb,
      inject: [DataSource],
      useFactory: (source: DataSource): HistoryDb => new HistoryDb(source),
    },
  ],
  exports: [HistoryDb],
})
export class HistoryDbModule {}
