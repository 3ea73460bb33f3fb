import { toInstant } from '@boocontrol/fleet-model';
import type { BusMessage, PositionStore, SeqRange, StreamMoment } from '@boocontrol/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { raiseWatermark } from '../maintenance/watermarks.repository.js';
import {
  addHeld,
  firstHole,
  insertGaps,
  lockPosition,
  readPosition,
  resetPosition,
} from './log-position.repository.js';
import { multirange } from './multirange.js';

export interface LogPositionOptions {
  source: DataSource;
  /** Of the projection. */
  name: string;
  stream: string;
}

/** What of the log this database holds (fleet.projections). It never leads: it is written with the rows, or not at all. */
export class LogPosition implements PositionStore {
  /** The stream whose messages are being delivered. */
  private created = '';

  constructor(private readonly options: LogPositionOptions) {}

  /** Call last in the transaction that writes the batch's rows. */
  async record(tx: EntityManager, batch: readonly BusMessage<unknown>[]): Promise<void> {
    const last = batch.at(-1);
    if (last === undefined) return;
    const held = multirange(batch.map(({ seq }) => seq));
    await addHeld(tx, this.options.name, this.created, held, new Date(last.timeMs).toISOString());
  }

  stored(): Promise<{ created: string; lastSeq: number } | null> {
    return readPosition(this.options.source.manager, this.options.name);
  }

  async open(stream: StreamMoment, hasLostTail: boolean): Promise<number> {
    const { source, name } = this.options;
    const next = await source.transaction(async (tx) => {
      const stored = await lockPosition(tx, name);
      if (stored === null || stored.created !== stream.created || hasLostTail) {
        await resetPosition(tx, name, this.options.stream, stream);
        return stream.firstSeq;
      }
      if (stored.next < stream.firstSeq) await this.skip(tx, stored.messageAt, stream);
      return (await readPosition(tx, name))?.next ?? stream.firstSeq;
    });
    this.created = stream.created;
    return next;
  }

  firstHole(upTo: number): Promise<SeqRange | null> {
    return firstHole(this.options.source.manager, this.options.name, this.created, upTo);
  }

  async settle({ from, to }: SeqRange): Promise<void> {
    const { source, name } = this.options;
    await addHeld(source.manager, name, this.created, `{[${from},${to}]}`, null);
  }

  rewound(): Promise<void> {
    // Captures up to now that are not here will not come: their queue forgot them when they were stored.
    return raiseWatermark(this.options.source.manager, 'captures_lost', 'now');
  }

  /** The log begins after what is held: what was in between is lost, and said to be. */
  private async skip(tx: EntityManager, messageAt: string, stream: StreamMoment): Promise<void> {
    const to = toInstant(stream.firstAt ?? new Date().toISOString()) ?? messageAt;
    await insertGaps(tx, messageAt, to, stream.firstSeq);
    await addHeld(tx, this.options.name, stream.created, `{(,${stream.firstSeq})}`, null);
  }
}
