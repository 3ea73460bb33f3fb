import { Module } from '@nestjs/common';
import { HistoryDbModule } from '../db/history-db.module.js';
import { ActivityController } from './activity.controller.js';

@Module({ imports: [HistoryDbModule], controllers: [ActivityController] })
export class ActivityModule {}
