import { ProviderDirectoryModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { ImportsController } from './imports.controller.js';

/** Figures that llama-bench has measured. */
@Module({ imports: [ProviderDirectoryModule], controllers: [ImportsController] })
export class ImportsModule {}
