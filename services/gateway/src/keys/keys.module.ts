import { ProviderDirectoryModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { DOORKEEPER } from '../inference/parts.js';
import { KeysController } from './keys.controller.js';
import { Keys } from './keys.js';

/** Keys of clients of /v1: who may come in, what they may use and how much of it. */
@Module({
  imports: [ProviderDirectoryModule],
  controllers: [KeysController],
  providers: [
    Keys,
    { provide: DOORKEEPER, inject: [Keys], useFactory: ({ doorkeeper }: Keys) => doorkeeper },
  ],
  exports: [Keys, DOORKEEPER],
})
export class KeysModule {}
