import { Module, type DynamicModule } from '@nestjs/common';
import { EVAL_TIMINGS, TIMINGS, type EvalTimings } from './timings.js';

/** Runs: their queue, their samples, what touched them. */
@Module({})
export class RunsModule {
  /** @param timings shorter waits, for tests */
  static of(timings: EvalTimings = TIMINGS): DynamicModule {
    return {
      module: RunsModule,
      global: true,
      providers: [{ provide: EVAL_TIMINGS, useValue: timings }],
    };
  }
}
