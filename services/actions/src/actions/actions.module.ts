import { HostLeases } from '@boocontrol/client';
import { ENVIRONMENT, LiveFleetModule, ProviderDirectoryModule } from '@boocontrol/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { LeasesModule } from '../leases/leases.module.js';
import { ActionQueue } from './action-queue.js';
import { ActionRunner } from './action-runner.js';
import { ActionsConsumer } from './actions.consumer.js';
import { ActionsController } from './actions.controller.js';
import { Caretaker } from './caretaker.js';
import { Hosts } from './hosts.js';
import { LEASE_DESK, leaseDeskOn } from './lease-desk.js';
import { Previews } from './previews.js';
import { ProfilesController } from './profiles.controller.js';
import { Reconciler } from './reconciler.js';
import { Submission } from './submission.js';
import { TakingBack } from './taking-back.js';
import { ACTION_TIMINGS, TIMINGS, type ActionTimings } from './timings.js';
import { Tokens } from './tokens.js';
import { Worlds } from './worlds.js';

@Module({})
export class ActionsModule {
  /** @param timings shorter waits, for tests */
  static of(timings: ActionTimings = TIMINGS): DynamicModule {
    return {
      module: ActionsModule,
      imports: [LiveFleetModule, ProviderDirectoryModule, LeasesModule],
      controllers: [ActionsController, ProfilesController],
      providers: [
        ActionQueue,
        ActionRunner,
        ActionsConsumer,
        Caretaker,
        Hosts,
        Previews,
        Reconciler,
        Submission,
        TakingBack,
        Tokens,
        Worlds,
        { provide: ACTION_TIMINGS, useValue: timings },
        { provide: ENVIRONMENT, useValue: process.env },
        { provide: LEASE_DESK, inject: [HostLeases], useFactory: leaseDeskOn },
      ],
    };
  }
}
