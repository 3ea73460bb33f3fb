import { LiveFleetModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { tableRetention } from '../database/table-retention.js';
import { DirectTrafficModule } from '../direct/direct-traffic.module.js';
import { DispatchesModule } from '../dispatches/dispatches.module.js';
import { CapturedPrompts } from './captured-prompts.js';
import { DirectPrompts } from './direct-prompts.js';
import { DirectPromptsConsumer } from './direct-prompts.consumer.js';
import { PromptCacheModule } from './prompt-cache.module.js';

/** Prompts of requests that do not come through /v1. */
@Module({
  imports: [DirectTrafficModule, DispatchesModule, LiveFleetModule, PromptCacheModule],
  providers: [
    CapturedPrompts,
    DirectPrompts,
    DirectPromptsConsumer,
    tableRetention('gateway.direct_prompts'),
  ],
})
export class DirectPromptsModule {}
