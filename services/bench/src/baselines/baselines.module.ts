import { Module } from '@nestjs/common';
import { BaselinesController } from './baselines.controller.js';

/** Baselines that somebody has set. */
@Module({ controllers: [BaselinesController] })
export class BaselinesModule {}
