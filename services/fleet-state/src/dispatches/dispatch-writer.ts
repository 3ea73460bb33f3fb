import type { RouteFact } from '@boocontrol/contracts';
import { attemptEndMs, instantToMs, requestOfAttempt, tellsItself } from '@boocontrol/fleet-model';
import type { BusMessage } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import type { NewRows } from '../projection/new-rows.js';
import type { LogPosition } from '../projection/log-position.js';
import { insertRequests } from '../projection/projection.repository.js';
import { attemptsOf, insertAttempts, joinMade } from './attempts.repository.js';

/** Facts of ROUTES in; attempts, and rows of those whose provider tells of none itself, out. */
export class DispatchWriter {
  constructor(
    private readonly source: DataSource,
    private readonly position: LogPosition,
    private readonly news: Pick<NewRows, 'tell'>,
  ) {}

  /** Resolves after the commit. Of null nothing is written but that it was there. Thrown: what PostgreSQL refuses, and its absence. */
  async write(batch: readonly BusMessage<RouteFact | null>[]): Promise<void> {
    const attempts = batch.flatMap(({ value, seq }) => (value === null ? [] : attemptsOf(value, seq)));
    await this.source.transaction(async (tx) => {
      const written = await insertAttempts(tx, attempts);
      // An attempt that was there already has its row, also if its fact came again under another sequence.
      const made = written
        .filter(({ attempt }) => !tellsItself(attempt))
        .map((each) => ({ place: each.place, row: requestOfAttempt(each.fact, each, each.seq) }));
      await insertRequests(
        tx,
        made.map(({ row }) => row),
      );
      await joinMade(
        tx,
        made.map(({ place, row: { dispatchId, entryId, ts } }) => ({
          dispatchId: dispatchId ?? '',
          attempt: place,
          entryId,
          ts,
        })),
      );
      // Last: its row is one for all replicas, and locked until the commit.
      await this.position.record(tx, batch);
    });
    for (const { attempt } of attempts)
      if (tellsItself(attempt))
        this.news.tell(attempt.providerId, {
          fromMs: instantToMs(attempt.startedAt),
          toMs: attemptEndMs(attempt),
        });
  }
}
