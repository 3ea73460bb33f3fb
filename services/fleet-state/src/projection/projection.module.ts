import { Module } from '@nestjs/common';
import { ProjectionConsumer } from './projection.consumer.js';

@Module({ providers: [ProjectionConsumer] })
export class ProjectionModule {}
