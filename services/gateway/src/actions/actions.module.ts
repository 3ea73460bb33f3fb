import { Module } from '@nestjs/common';
import { ActionsLive } from './actions-live.js';
import { ActionsController } from './actions.controller.js';
import { ProfilesController } from './profiles.controller.js';

/** What hosts are told to do. */
@Module({
  controllers: [ActionsController, ProfilesController],
  providers: [ActionsLive],
  exports: [ActionsLive],
})
export class ActionsModule {}
