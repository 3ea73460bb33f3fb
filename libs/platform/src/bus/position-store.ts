/** What a stream looks like at one moment. */
export interface StreamMoment {
  /** When it was made, as the server says it: a wiped stream is another one. */
  created: string;
  firstSeq: number;
  /** When its first message was taken, RFC 3339; null: it has none. */
  firstAt: string | null;
}

/** What a database says that it holds. */
export interface StoredPosition {
  /** Creation of the stream. */
  created: string;
  /** Sequence of the newest message that is held. */
  lastSeq: number;
  /** The newest message that is held and whose time is known: under its sequence a log that lost its tail and grew again has another. */
  newest: { seq: number; timeMs: number } | null;
}

/** Sequences of a stream, both ends included. */
export interface SeqRange {
  from: number;
  to: number;
}

/**
 * What of a stream a database holds, kept in that database: written by the handler in the transaction that writes a batch's
 * rows, so that a database that was put back to an older copy says so. The durable consumer is held against it at every
 * opening and while it runs. Only for a consumer of all of its stream's subjects.
 */
export interface PositionStore {
  /** null before the first time. @throws what the database answers */
  stored(): Promise<StoredPosition | null>;
  /**
   * Called before anything is delivered. For another stream than the stored one, or with `hasOtherTail`, it begins anew.
   * Resolves to the first sequence that is not held.
   * @throws what the database answers; the opening is then tried again
   */
  open(stream: StreamMoment, hasOtherTail: boolean): Promise<number>;
  /** The first range up to `upTo` that is not held, null when all is. @throws what the database answers */
  firstHole(upTo: number): Promise<SeqRange | null>;
  /** This one will not come (again), it is in DEAD. @throws what the database answers */
  settle(message: { seq: number; timeMs: number }): Promise<void>;
  /**
   * These are not on the stream any more, and were never held.
   * @param times of the messages before and after them, RFC 3339, where they are there
   * @throws what the database answers
   */
  lost(range: SeqRange, times: { before: string | null; after: string | null }): Promise<void>;
  /** The database was behind the consumer, which now begins again at `fromSeq`. @throws what the database answers */
  rewound(fromSeq: number): Promise<void>;
}

/** Thrown inside a consumer, which then opens itself again from the database's position. */
export class DatabaseBehindError extends Error {
  readonly code = 'database_behind';

  constructor(readonly hole: SeqRange) {
    super(`The database lacks messages ${hole.from} to ${hole.to}, which were acknowledged: it was put back`);
    this.name = 'DatabaseBehindError';
  }
}
