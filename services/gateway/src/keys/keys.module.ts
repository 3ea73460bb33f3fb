import { ProviderDirectoryModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { KeysController } from './keys.controller.js';
import { Keys } from './keys.js';

/** Keys of clients of /v1: who may come in, what they may use and how much of it. */
@Module({
  imports: [ProviderDirectoryModule],
  controllers: [KeysController],
  providers: [Keys],
  exports: [Keys],
})
export class KeysModule {}
