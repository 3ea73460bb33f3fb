import { HostLeases } from '@boocontrol/client';
import { BUS, ENVIRONMENT, LiveFleetModule, ProviderDirectoryModule } from '@boocontrol/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import { Module, type DynamicModule } from '@nestjs/common';
import { HeardConsumer } from './heard.consumer.js';
import { Marks } from './marks.js';
import { SuitesModule } from '../suites/suites.module.js';
import { Admission } from './admission.js';
import { Cancelling } from './cancelling.js';
import { Caretaker } from './caretaker.js';
import { Details } from './details.js';
import { Launcher } from './launcher.js';
import { Measuring } from './measuring.js';
import { Reruns } from './reruns.js';
import { RunWorker } from './run-worker.js';
import { RunsConsumer } from './runs.consumer.js';
import { RunsController } from './runs.controller.js';
import { BENCH_TIMINGS, TIMINGS, type BenchTimings } from './timings.js';
import { Verdicts } from './verdicts.js';

/** Runs: their queue, their measuring, what touched them. Gives `Launcher`, `Admission` and `Verdicts` to the whole service. */
@Module({})
export class RunsModule {
  /** @param timings shorter waits, for tests */
  static of(timings: BenchTimings = TIMINGS): DynamicModule {
    return {
      module: RunsModule,
      global: true,
      imports: [LiveFleetModule, ProviderDirectoryModule, SuitesModule],
      controllers: [RunsController],
      providers: [
        Admission,
        Cancelling,
        Caretaker,
        Details,
        HeardConsumer,
        Launcher,
        Marks,
        Measuring,
        Reruns,
        RunsConsumer,
        RunWorker,
        Verdicts,
        { provide: BENCH_TIMINGS, useValue: timings },
        { provide: ENVIRONMENT, useValue: process.env },
        { provide: HostLeases, inject: [BUS], useFactory: (nc: NatsConnection) => new HostLeases(nc) },
      ],
      exports: [Admission, Launcher, Verdicts],
    };
  }
}
