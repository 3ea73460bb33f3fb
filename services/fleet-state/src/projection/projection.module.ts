import { ProviderDirectoryModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { NewRowsModule } from './new-rows.module.js';
import { ProjectionConsumer } from './projection.consumer.js';

@Module({ imports: [ProviderDirectoryModule, NewRowsModule], providers: [ProjectionConsumer] })
export class ProjectionModule {}
