import { Module } from '@nestjs/common';
import { JobsLive } from './jobs-live.js';
import { JobsController } from './jobs.controller.js';

/** Jobs of all kinds, as their facts tell of them. */
@Module({ controllers: [JobsController], providers: [JobsLive], exports: [JobsLive] })
export class JobsModule {}
