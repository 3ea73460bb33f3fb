import { LiveFleetModule, ProviderDirectoryModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { DECIDER, MODEL_CATALOG } from '../inference/parts.js';
import { DispatchesModule } from '../dispatches/dispatches.module.js';
import { TrafficModule } from '../inference-wiring/traffic.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { LeasesModule } from '../leases/leases.module.js';
import { MarksModule } from '../marks/marks.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { ScoresModule } from '../scores/scores.module.js';
import { BodySizeBook } from './body-size-book.js';
import { ExplainController } from './explain.controller.js';
import { FleetDecider } from './fleet-decider.js';
import { FleetWorld } from './fleet-world.js';
import { FleetModels } from './model-catalog.js';
import { SpeedBook } from './speed-book.js';

/** Who is asked. */
@Module({
  imports: [
    ProviderDirectoryModule,
    LiveFleetModule,
    KeysModule,
    LeasesModule,
    MarksModule,
    PoliciesModule,
    ScoresModule,
    TrafficModule,
    DispatchesModule,
  ],
  controllers: [ExplainController],
  providers: [
    SpeedBook,
    BodySizeBook,
    FleetWorld,
    FleetDecider,
    FleetModels,
    { provide: DECIDER, useExisting: FleetDecider },
    { provide: MODEL_CATALOG, useExisting: FleetModels },
  ],
  exports: [DECIDER, MODEL_CATALOG, FleetWorld],
})
export class RoutingModule {}
