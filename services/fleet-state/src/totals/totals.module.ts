import { Module } from '@nestjs/common';
import { HistoryDbModule } from '../db/history-db.module.js';
import { TotalsController } from './totals.controller.js';

@Module({ imports: [HistoryDbModule], controllers: [TotalsController] })
export class TotalsModule {}
