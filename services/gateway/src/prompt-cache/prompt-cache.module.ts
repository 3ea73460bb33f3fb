import { Module } from '@nestjs/common';
import { tableRetention } from '../database/table-retention.js';
import { DriftsConsumer } from './drifts.consumer.js';
import { PromptCacheController } from './prompt-cache.controller.js';

/** Whether prompts begin as before: from the log into the table, and to whoever asks. */
@Module({
  controllers: [PromptCacheController],
  providers: [DriftsConsumer, tableRetention('gateway.prefix_drifts')],
})
export class PromptCacheModule {}
