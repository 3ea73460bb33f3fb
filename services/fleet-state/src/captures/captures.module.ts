import { Module } from '@nestjs/common';
import { NewRowsModule } from '../projection/new-rows.module.js';
import { CapturesConsumer } from './captures.consumer.js';

@Module({ imports: [NewRowsModule], providers: [CapturesConsumer] })
export class CapturesModule {}
