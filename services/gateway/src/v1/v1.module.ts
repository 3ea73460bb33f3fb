import { Module } from '@nestjs/common';
import { DispatchesModule } from '../dispatches/dispatches.module.js';
import { EdgeModule } from '../edge/edge.module.js';
import { TrafficModule } from '../inference-wiring/traffic.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { PromptCacheModule } from '../prompt-cache/prompt-cache.module.js';
import { RoutingModule } from '../routing/routing.module.js';
import { TracesModule } from '../traces/traces.module.js';
import { InferenceArea } from './inference-area.js';

/** /v1: the path, with those whom it asks. */
@Module({
  imports: [
    EdgeModule,
    TrafficModule,
    RoutingModule,
    KeysModule,
    DispatchesModule,
    PromptCacheModule,
    TracesModule,
  ],
  providers: [InferenceArea],
  exports: [InferenceArea],
})
export class V1Module {}
