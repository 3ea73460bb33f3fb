import { Module } from '@nestjs/common';
import { ActivityExportController } from './activity-export.controller.js';
import { HistoryController } from './history.controller.js';

@Module({ controllers: [ActivityExportController, HistoryController] })
export class HistoryModule {}
