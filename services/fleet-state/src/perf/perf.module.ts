import { Module } from '@nestjs/common';
import { HistoryDbModule } from '../db/history-db.module.js';
import { PerfController } from './perf.controller.js';

@Module({ imports: [HistoryDbModule], controllers: [PerfController] })
export class PerfModule {}
