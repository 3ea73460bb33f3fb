import { Module } from '@nestjs/common';
import { EdgeModule } from '../edge/edge.module.js';
import { WebModule } from '../web/web.module.js';
import { HealthController } from './health.controller.js';

@Module({ imports: [EdgeModule, WebModule], controllers: [HealthController] })
export class HealthModule {}
