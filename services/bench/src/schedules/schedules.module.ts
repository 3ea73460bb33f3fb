import { Module, type DynamicModule } from '@nestjs/common';
import { SuitesModule } from '../suites/suites.module.js';
import { NOW, Scheduler, type Now } from './scheduler.js';
import { SchedulesController } from './schedules.controller.js';

/** Runs that begin by themselves. */
@Module({})
export class SchedulesModule {
  /** @param now the clock, of a test's own */
  static of(now: Now = Date.now): DynamicModule {
    return {
      module: SchedulesModule,
      imports: [SuitesModule],
      controllers: [SchedulesController],
      providers: [Scheduler, { provide: NOW, useValue: now }],
    };
  }
}
