import { ProviderDirectoryModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { JoinsModule } from '../joins/joins.module.js';
import { ProjectionConsumer } from './projection.consumer.js';

@Module({ imports: [ProviderDirectoryModule, JoinsModule], providers: [ProjectionConsumer] })
export class ProjectionModule {}
