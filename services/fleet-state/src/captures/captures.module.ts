import { Module } from '@nestjs/common';
import { CapturesConsumer } from './captures.consumer.js';

@Module({ providers: [CapturesConsumer] })
export class CapturesModule {}
