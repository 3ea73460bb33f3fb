import { Module } from '@nestjs/common';
import { HistoryDbModule } from '../db/history-db.module.js';
import { SeedController } from './seed.controller.js';

@Module({ imports: [HistoryDbModule], controllers: [SeedController] })
export class SeedModule {}
