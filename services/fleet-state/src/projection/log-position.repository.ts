import { instantSql, type SeqRange, type StoredPosition as Stored } from '@boocontrol/platform';
import type { EntityManager } from 'typeorm';

export interface StoredPosition extends Stored {
  /** The first sequence that is not held. */
  next: number;
  /** When the stream took the newest message below it, or one before that. */
  messageAt: string;
}

const READ = `
  SELECT stream_created AS created, (SELECT upper(r) FROM unnest(held) r ORDER BY r LIMIT 1)::float8 AS next,
    (upper(held) - 1)::float8 AS "lastSeq", ${instantSql('message_at')} AS "messageAt",
    newest_seq::float8 AS "newestSeq", (extract(epoch FROM newest_at) * 1000)::float8 AS "newestMs"
  FROM fleet.projections WHERE name = $1`;

const RESET = `
  INSERT INTO fleet.projections (name, stream, stream_created, held, message_at)
  VALUES ($1, $2, $3, int8multirange(int8range(NULL, $4)), coalesce($5::timestamptz, now()))
  ON CONFLICT (name) DO UPDATE SET
    stream = EXCLUDED.stream, stream_created = EXCLUDED.stream_created, held = EXCLUDED.held,
    message_at = EXCLUDED.message_at, newest_seq = NULL, newest_at = NULL`;

const ADD = `
  UPDATE fleet.projections SET
    held = held + $3::int8multirange,
    message_at = CASE
      WHEN (SELECT count(*) FROM unnest(held + $3::int8multirange)) > 1 THEN message_at
      ELSE greatest(message_at, $4::timestamptz) END,
    newest_seq = CASE WHEN $5::bigint > coalesce(newest_seq, 0) THEN $5 ELSE newest_seq END,
    newest_at = CASE WHEN $5::bigint > coalesce(newest_seq, 0) THEN $4::timestamptz ELSE newest_at END
  WHERE name = $1 AND stream_created = $2`;

// Without its row, or with another stream's, nothing is held.
const FIRST_HOLE = `
  SELECT lower(hole)::float8 AS "from", (upper(hole) - 1)::float8 AS "to"
  FROM (SELECT 1) AS always
  LEFT JOIN fleet.projections p ON p.name = $1 AND p.stream_created = $2
  CROSS JOIN LATERAL unnest(
    int8multirange(int8range(1, $3::bigint + 1)) - coalesce(p.held, int8multirange())) AS hole
  ORDER BY 1 LIMIT 1`;

// The same beginning again: what was lost since belongs to the same gap.
const GAP = `
  INSERT INTO fleet.model_events (provider_id, model, state, ts, detail, seq)
  SELECT provider_id, '*', 'gap_suspected', $1::timestamptz + INTERVAL '4 microseconds',
    jsonb_build_object('fromTs', $4::text, 'toTs', $2::text, 'reason', 'projection_behind_log', 'missing', NULL), $3
  FROM (
    SELECT provider_id FROM fleet.hosts
    WHERE kind = 'llama-swap' AND (removed_at IS NULL OR removed_at > $1::timestamptz)
    UNION SELECT unnest($5::text[])) AS known
  ON CONFLICT (provider_id, model, state, ts) DO UPDATE SET detail = EXCLUDED.detail
  WHERE model_events.detail->>'toTs' < EXCLUDED.detail->>'toTs'`;

const IS_EMPTY = `
  SELECT NOT EXISTS (SELECT 1 FROM fleet.requests) AND NOT EXISTS (SELECT 1 FROM fleet.model_events) AS "isEmpty"`;

type PositionRow = Omit<StoredPosition, 'newest'> & { newestSeq: number | null; newestMs: number | null };

/** Locks the row until the end of the transaction; null when there is none. */
export function lockPosition(tx: EntityManager, name: string): Promise<StoredPosition | null> {
  return read(tx, `${READ} FOR UPDATE`, name);
}

export function readPosition(tx: EntityManager, name: string): Promise<StoredPosition | null> {
  return read(tx, READ, name);
}

async function read(tx: EntityManager, sql: string, name: string): Promise<StoredPosition | null> {
  const [row] = await tx.query<PositionRow[]>(sql, [name]);
  if (row === undefined) return null;
  const { newestSeq, newestMs, ...position } = row;
  const newest = newestSeq === null || newestMs === null ? null : { seq: newestSeq, timeMs: newestMs };
  return { ...position, newest };
}

/** From now on the position is of this stream, of which nothing from `firstSeq` on is held. */
export async function resetPosition(
  tx: EntityManager,
  name: string,
  stream: string,
  { created, firstSeq, firstAt }: { created: string; firstSeq: number; firstAt: string | null },
): Promise<void> {
  await tx.query(RESET, [name, stream, created, firstSeq, firstAt]);
}

/** What of a log is held, or lost for good. */
export interface Held {
  /** Sequences, a multirange as text. */
  held: string;
  /** When the stream took the last of them; null when nothing is known of it. */
  at: string | null;
  /** The sequence of the message that was taken then; null: what is at `at` is no message that is held. */
  seq: number | null;
}

/** Adds to what is held; without effect when the position is of another stream meanwhile. */
export async function addHeld(
  tx: EntityManager,
  name: string,
  created: string,
  { held, at, seq }: Held,
): Promise<void> {
  await tx.query(ADD, [name, created, held, at, seq]);
}

export async function firstHole(
  tx: EntityManager,
  name: string,
  created: string,
  upTo: number,
): Promise<SeqRange | null> {
  const [row] = await tx.query<SeqRange[]>(FIRST_HOLE, [name, created, upTo]);
  return row ?? null;
}

/**
 * Every host may have facts in the range that the log has no more: those of the table, and those that only the registry knows
 * because the table is older.
 */
export async function insertGaps(
  tx: EntityManager,
  { from, to, seq }: { from: string; to: string; seq: number },
  hostIds: readonly string[],
): Promise<void> {
  await tx.query(GAP, [from, to, seq, from, hostIds]);
}

/** Whether there is no history at all: the database is new, or was emptied. */
export async function isEmpty(tx: EntityManager): Promise<boolean> {
  const [row] = await tx.query<{ isEmpty: boolean }[]>(IS_EMPTY);
  return row?.isEmpty ?? true;
}
