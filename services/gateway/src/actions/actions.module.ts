import { Module } from '@nestjs/common';
import { ActionsLive } from './actions-live.js';
import { ActionsController } from './actions.controller.js';

/** What hosts are told to do. */
@Module({ controllers: [ActionsController], providers: [ActionsLive], exports: [ActionsLive] })
export class ActionsModule {}
