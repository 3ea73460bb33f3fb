import { Module } from '@nestjs/common';
import { JoinsModule } from '../joins/joins.module.js';
import { DispatchesConsumer } from './dispatches.consumer.js';

/** What became of requests to /v1. */
@Module({ imports: [JoinsModule], providers: [DispatchesConsumer] })
export class DispatchesModule {}
