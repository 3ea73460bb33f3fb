import { LiveFleetModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { DirectTrafficModule } from '../direct/direct-traffic.module.js';
import { DispatchesModule } from '../dispatches/dispatches.module.js';
import { PromptCacheModule } from '../prompt-cache/prompt-cache.module.js';
import { CapturedPrompts } from './captured-prompts.js';
import { DirectPrompts } from './direct-prompts.js';

/** Prompts of requests that do not come through /v1. */
@Module({
  imports: [DirectTrafficModule, DispatchesModule, LiveFleetModule, PromptCacheModule],
  providers: [CapturedPrompts, DirectPrompts],
})
export class DirectPromptsModule {}
