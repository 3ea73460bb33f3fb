import { LOG, type Log } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { NewRowsModule } from '../projection/new-rows.module.js';
import { CapturesConsumer } from './captures.consumer.js';
import { UnreadCaptures } from './unread-captures.js';

@Module({
  imports: [NewRowsModule],
  providers: [
    CapturesConsumer,
    {
      provide: UnreadCaptures,
      inject: [DataSource, LOG],
      useFactory: (source: DataSource, log: Log): UnreadCaptures => new UnreadCaptures(source, log),
    },
  ],
})
export class CapturesModule {}
