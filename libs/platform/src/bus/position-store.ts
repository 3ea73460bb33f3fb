/** What a stream looks like at one moment. */
export interface StreamMoment {
  /** When it was made, as the server says it: a wiped stream is another one. */
  created: string;
  firstSeq: number;
  /** When its first message was taken, RFC 3339; null: it has none. */
  firstAt: string | null;
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
  /** The stream it knows and the newest message that is held of it; null before the first time. @throws what the database answers */
  stored(): Promise<{ created: string; lastSeq: number } | null>;
  /**
   * Called before anything is delivered. For another stream than the stored one, or with `hasLostTail`, it begins anew.
   * Resolves to the first sequence that is not held.
   * @throws what the database answers; the opening is then tried again
   */
  open(stream: StreamMoment, hasLostTail: boolean): Promise<number>;
  /** The first range up to `upTo` that is not held, null when all is. @throws what the database answers */
  firstHole(upTo: number): Promise<SeqRange | null>;
  /** These will not come (again): they are in DEAD, or no longer on the stream. @throws what the database answers */
  settle(range: SeqRange): Promise<void>;
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
