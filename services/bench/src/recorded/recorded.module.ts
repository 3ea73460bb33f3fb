import { Module } from '@nestjs/common';
import { RecordedController } from './recorded.controller.js';

/** Suites of what consumers have sent. */
@Module({ controllers: [RecordedController] })
export class RecordedModule {}
