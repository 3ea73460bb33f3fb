import { ProviderDirectoryModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { ProjectionConsumer } from './projection.consumer.js';

@Module({ imports: [ProviderDirectoryModule], providers: [ProjectionConsumer] })
export class ProjectionModule {}
