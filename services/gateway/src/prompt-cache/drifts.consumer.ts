import { PrefixDriftSchema, STREAM, subjects, type PrefixDrift } from '@boocontrol/contracts';
import { Consume, type BusMessage } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { GatewayDatabase } from '../database/gateway-database.js';
import { insertDrifts } from './drifts.repository.js';

const GATHER_MS = 250;

/** Prompts that changed, and caches that missed, into their table. */
@Injectable()
export class DriftsConsumer {
  constructor(@Inject(GatewayDatabase) private readonly database: GatewayDatabase) {}

  // While the database is not open its getter throws `unavailable`, which is retryable: the batch waits for it.
  @Consume<PrefixDrift>({
    name: 'prefix drifts',
    durable: 'gateway-prefix-drifts',
    stream: STREAM.routes,
    filterSubjects: [subjects.drift],
    schemaFor: () => PrefixDriftSchema,
    batchSize: 500,
    gatherMs: GATHER_MS,
  })
  write(batch: readonly BusMessage<PrefixDrift>[]): Promise<void> {
    return insertDrifts(
      this.database.db,
      batch.map(({ value }) => value),
    );
  }
}
