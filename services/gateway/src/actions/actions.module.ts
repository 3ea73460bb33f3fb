import { Module } from '@nestjs/common';
import { ActionsController } from './actions.controller.js';

/** What hosts are told to do. */
@Module({ controllers: [ActionsController] })
export class ActionsModule {}
