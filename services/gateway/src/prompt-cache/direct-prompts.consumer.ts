import { DirectPromptSchema, STREAM, subjects, type DirectPrompt } from '@boocontrol/contracts';
import { Consume, type BusMessage } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { GatewayDatabase } from '../database/gateway-database.js';
import { insertDirectPrompts } from './prompts.repository.js';

const GATHER_MS = 250;

/** What the prompt cache did for requests that went straight to hosts, into its table. */
@Injectable()
export class DirectPromptsConsumer {
  constructor(@Inject(GatewayDatabase) private readonly database: GatewayDatabase) {}

  // While the database is not open its getter throws `unavailable`, which is retryable: the batch waits for it.
  @Consume<DirectPrompt>({
    name: 'direct prompts',
    durable: 'gateway-direct-prompts',
    stream: STREAM.routes,
    filterSubjects: [subjects.directPrompt],
    schemaFor: () => DirectPromptSchema,
    batchSize: 500,
    gatherMs: GATHER_MS,
  })
  write(batch: readonly BusMessage<DirectPrompt>[]): Promise<void> {
    return insertDirectPrompts(
      this.database.db,
      batch.map(({ value }) => value),
    );
  }
}
