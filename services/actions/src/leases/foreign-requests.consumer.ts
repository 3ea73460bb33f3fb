import {
  InstantSchema,
  ProviderIdSchema,
  RequestSchema,
  SourceSchema,
  STREAM,
  subjects,
} from '@boocontrol/contracts';
import { Consume, pause, type BusMessage } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import {
  countForeign,
  holdingsSince,
  type ForeignRequest,
  type Holding,
} from './foreign-requests.repository.js';
import { LeaseLedger } from './lease-ledger.js';

/** Of a request only what is needed here: thousands may come in a second. */
const FinishedSchema = z.object({
  providerId: ProviderIdSchema,
  entryId: RequestSchema.shape.entryId,
  ts: InstantSchema,
  endedAt: InstantSchema,
  source: SourceSchema,
});
export type Finished = z.infer<typeof FinishedSchema>;

/** Between two batches: one question to the database for all that came meanwhile. */
const GATHER_MS = 100;

/** Requests of the log that others sent to a host while somebody had it to themselves. */
@Injectable()
export class ForeignRequestsConsumer {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(LeaseLedger) private readonly ledger: LeaseLedger,
  ) {}

  @Consume<Finished>({
    name: 'foreign-requests',
    durable: 'actions-foreign-requests',
    stream: STREAM.fleet,
    filterSubjects: [subjects.factsOfKind('request')],
    schemaFor: () => FinishedSchema,
    batchSize: 2_000,
  })
  async count(batch: readonly BusMessage<Finished>[]): Promise<void> {
    await pause(GATHER_MS);
    // A lease that was acquired before the request ended is in the bucket by now, so it must be in the table.
    await this.ledger.caughtUp();
    const requests = batch.map(({ value }) => value);
    const oldest = requests.reduce((first, { endedAt }) => (endedAt < first ? endedAt : first), '9999');
    const found = foreignAmong(requests, await holdingsSince(this.db, oldest));
    if (found.length > 0) await countForeign(this.db, found);
  }
}

/** The requests that were not the holder's and ended while the host was held. */
export function foreignAmong(requests: readonly Finished[], holdings: readonly Holding[]): ForeignRequest[] {
  return holdings.flatMap(({ id, providerId, source, since, endedAt: until }) =>
    requests
      .filter((one) => one.providerId === providerId && one.source !== source)
      .filter(({ endedAt }) => endedAt >= since && (until === null || endedAt <= until))
      .map(({ entryId, ts, endedAt }) => ({ leaseId: id, entryId, ts, endedAt })),
  );
}
