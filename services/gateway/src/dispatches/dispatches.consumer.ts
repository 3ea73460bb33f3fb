import { isRouteSubject, RouteFactSchema, STREAM, type RouteFact } from '@boocontrol/contracts';
import { Consume, type BusMessage } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { GatewayDatabase } from '../database/gateway-database.js';
import { Keys } from '../keys/keys.js';
import { addUsage } from '../keys/usage.repository.js';
import { insertDispatches } from './dispatches.repository.js';

/** What was just asked is had by its id before it is in the table (RecentDispatches): lists of them may be so old. */
const GATHER_MS = 250;
/** Prompts are on the same stream, and the prompt cache's to write. */
const NotOurs = z.unknown().transform(() => null);

/** The log of requests into its table, and their tokens to their keys, each request once. */
@Injectable()
export class DispatchesConsumer {
  constructor(
    @Inject(GatewayDatabase) private readonly database: GatewayDatabase,
    @Inject(Keys) private readonly keys: Keys,
  ) {}

  // While the database is not open its getter throws `unavailable`, which is retryable: the batch waits for it.
  @Consume<RouteFact | null>({
    name: 'dispatches',
    durable: 'gateway-dispatches',
    stream: STREAM.routes,
    schemaFor: (subject) => (isRouteSubject(subject) ? RouteFactSchema : NotOurs),
    batchSize: 500,
    gatherMs: GATHER_MS,
  })
  async write(batch: readonly BusMessage<RouteFact | null>[]): Promise<void> {
    const facts = batch.flatMap(({ value }) => value ?? []);
    if (facts.length === 0) return;
    const usage = await this.database.db.transaction(async (tx) =>
      addUsage(tx, await insertDispatches(tx, facts)),
    );
    this.keys.noteUsage(usage);
  }
}
