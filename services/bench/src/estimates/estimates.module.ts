import { Module } from '@nestjs/common';
import { Estimates } from './estimates.js';
import { EstimatesController } from './estimates.controller.js';

/** What a run would be, before it is one. */
@Module({ controllers: [EstimatesController], providers: [Estimates] })
export class EstimatesModule {}
