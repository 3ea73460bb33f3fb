import { Module } from '@nestjs/common';
import { JoinsModule } from '../joins/joins.module.js';
import { CapturesConsumer } from './captures.consumer.js';

@Module({ imports: [JoinsModule], providers: [CapturesConsumer] })
export class CapturesModule {}
