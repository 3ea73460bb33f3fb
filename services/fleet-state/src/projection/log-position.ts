import { instantFromMs, toInstant } from '@boocontrol/fleet-model';
import type { BusMessage, PositionStore, SeqRange, StoredPosition, StreamMoment } from '@boocontrol/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { raiseWatermark } from '../maintenance/watermarks.repository.js';
import {
  addHeld,
  firstHole,
  insertGaps,
  isEmpty,
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
  /** The hosts that the registry knows now; null: what is lost of this log is no gap of hosts. @throws while it has not been read */
  hostIds: (() => readonly string[]) | null;
}

/** What of the log this database holds (fleet.projections). It never leads: it is written with the rows, or not at all. */
export class LogPosition implements PositionStore {
  /** The stream whose messages are being delivered. */
  private created = '';

  constructor(private readonly options: LogPositionOptions) {}

  /** Call last in the transaction that writes the batch's rows. */
  async record(tx: EntityManager, batch: readonly BusMessage<unknown>[]): Promise<void> {
    const [first] = batch;
    if (first === undefined) return;
    const last = batch.reduce((newest, message) => (message.seq > newest.seq ? message : newest), first);
    const held = multirange(batch.map(({ seq }) => seq));
    const at = instantFromMs(last.timeMs);
    await addHeld(tx, this.options.name, this.created, { held, at, seq: last.seq });
  }

  stored(): Promise<StoredPosition | null> {
    return readPosition(this.options.source.manager, this.options.name);
  }

  async open(stream: StreamMoment, hasOtherTail: boolean): Promise<number> {
    const { source, name } = this.options;
    const next = await source.transaction(async (tx) => {
      const stored = await lockPosition(tx, name);
      const isKnown = stored?.created === stream.created;
      if (isKnown && stored.next < stream.firstSeq) await this.skip(tx, stored.messageAt, stream);
      if (isKnown && !hasOtherTail) return (await readPosition(tx, name))?.next ?? stream.firstSeq;
      // A database without history beside a log that has had more than it has.
      if (stored === null && stream.firstSeq > 1 && (await isEmpty(tx)))
        await this.insertGaps(tx, stream.created, stream.firstAt, stream.firstSeq);
      await resetPosition(tx, name, this.options.stream, stream);
      return stream.firstSeq;
    });
    this.created = stream.created;
    return next;
  }

  firstHole(upTo: number): Promise<SeqRange | null> {
    return firstHole(this.options.source.manager, this.options.name, this.created, upTo);
  }

  async settle({ seq, timeMs }: { seq: number; timeMs: number }): Promise<void> {
    const { source, name } = this.options;
    const at = instantFromMs(timeMs);
    await addHeld(source.manager, name, this.created, { held: `{[${seq},${seq}]}`, at, seq });
  }

  async lost(
    { from, to }: SeqRange,
    { before, after }: { before: string | null; after: string | null },
  ): Promise<void> {
    const { source, name } = this.options;
    await source.transaction(async (tx) => {
      const stored = await lockPosition(tx, name);
      if (stored?.created !== this.created) return;
      await this.insertGaps(tx, before ?? stored.messageAt, after, from);
      await addHeld(tx, name, this.created, { held: `{[${from},${to}]}`, at: null, seq: null });
    });
  }

  rewound(): Promise<void> {
    if (this.options.hostIds === null) return Promise.resolve();
    // Captures up to now that are not here will not come: their queue forgot them when they were stored.
    return raiseWatermark(this.options.source.manager, 'captures_lost', 'now');
  }

  /** The log begins after what is held: what was in between is lost, and said to be. */
  private async skip(tx: EntityManager, messageAt: string, stream: StreamMoment): Promise<void> {
    const { created, firstSeq, firstAt } = stream;
    await this.insertGaps(tx, messageAt, firstAt, firstSeq);
    await addHeld(tx, this.options.name, created, { held: `{(,${firstSeq})}`, at: firstAt, seq: null });
  }

  /** @param to RFC 3339; null: until now */
  private async insertGaps(tx: EntityManager, from: string, to: string | null, seq: number): Promise<void> {
    if (this.options.hostIds === null) return;
    const now = instantFromMs(Date.now());
    const gap = { from: toInstant(from) ?? now, to: to === null ? now : (toInstant(to) ?? now), seq };
    await insertGaps(tx, gap, this.options.hostIds());
  }
}
