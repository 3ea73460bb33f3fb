import { ProviderDirectoryModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { ProviderMirror } from './provider-mirror.js';

@Module({ imports: [ProviderDirectoryModule], providers: [ProviderMirror] })
export class ProvidersModule {}
