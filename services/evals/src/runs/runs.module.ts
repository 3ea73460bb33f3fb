import { HostLeases } from '@boocontrol/client';
import { BUS, ENVIRONMENT, LiveFleetModule, ProviderDirectoryModule } from '@boocontrol/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import { Module, type DynamicModule } from '@nestjs/common';
import { ask } from '../asking/ask.js';
import { grade } from '../grading/grade.js';
import { GradingModule } from '../grading/grading.module.js';
import { SuitesModule } from '../suites/suites.module.js';
import { Admission } from './admission.js';
import { AskingRun } from './asking-run.js';
import { Cancelling } from './cancelling.js';
import { Caretaker } from './caretaker.js';
import { Details } from './details.js';
import { ENGINE, type Engine } from './engine.js';
import { Estimates } from './estimates.js';
import { HeardConsumer } from './heard.consumer.js';
import { Launcher } from './launcher.js';
import { Marks } from './marks.js';
import { Resuming } from './resuming.js';
import { RunWorker } from './run-worker.js';
import { RunsConsumer } from './runs.consumer.js';
import { RunsController } from './runs.controller.js';
import { Samples } from './samples.js';
import { Scoring } from './scoring.js';
import { EVAL_TIMINGS, TIMINGS, type EvalTimings } from './timings.js';

/** Runs: their queue, their samples, what touched them. */
@Module({})
export class RunsModule {
  /** @param timings shorter waits, for tests @param engine how is asked and graded, for tests */
  static of(timings: EvalTimings = TIMINGS, engine: Engine = { ask, grade }): DynamicModule {
    return {
      module: RunsModule,
      imports: [LiveFleetModule, ProviderDirectoryModule, SuitesModule, GradingModule],
      controllers: [RunsController],
      providers: [
        Admission,
        AskingRun,
        Cancelling,
        Caretaker,
        Details,
        Estimates,
        HeardConsumer,
        Launcher,
        Marks,
        Resuming,
        RunsConsumer,
        RunWorker,
        Samples,
        Scoring,
        { provide: EVAL_TIMINGS, useValue: timings },
        { provide: ENGINE, useValue: engine },
        { provide: ENVIRONMENT, useValue: process.env },
        { provide: HostLeases, inject: [BUS], useFactory: (nc: NatsConnection) => new HostLeases(nc) },
      ],
    };
  }
}
