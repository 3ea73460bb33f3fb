import { Module } from '@nestjs/common';
import { HistoryDbModule } from '../db/history-db.module.js';
import { EventsController } from './events.controller.js';

@Module({ imports: [HistoryDbModule], controllers: [EventsController] })
export class EventsModule {}
