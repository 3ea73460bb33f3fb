import { LiveFleetModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { tableRetention } from '../database/table-retention.js';
import { DispatchesModule } from '../dispatches/dispatches.module.js';
import { PROMPT_WATCH } from '../inference/parts.js';
import { DirectPromptsConsumer } from './direct-prompts.consumer.js';
import { DriftsConsumer } from './drifts.consumer.js';
import { PromptCacheController } from './prompt-cache.controller.js';
import { PromptObserver } from './prompt-observer.js';

/** Whether prompts begin as before: from /v1 to the log, from there into the table, and to whoever asks. */
@Module({
  imports: [DispatchesModule, LiveFleetModule],
  controllers: [PromptCacheController],
  providers: [
    DriftsConsumer,
    DirectPromptsConsumer,
    PromptObserver,
    { provide: PROMPT_WATCH, useExisting: PromptObserver },
    tableRetention('gateway.prefix_drifts'),
    tableRetention('gateway.direct_prompts'),
  ],
  exports: [PROMPT_WATCH, PromptObserver],
})
export class PromptCacheModule {}
