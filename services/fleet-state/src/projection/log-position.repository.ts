import type { SeqRange } from '@boocontrol/platform';
import type { EntityManager } from 'typeorm';
import { instantSql } from '../db/sql.js';

export interface StoredPosition {
  created: string;
  /** The first sequence that is not held. */
  next: number;
  /** The newest that is held. */
  lastSeq: number;
  messageAt: string;
}

const READ = `
  SELECT stream_created AS created, (SELECT upper(r) FROM unnest(held) r ORDER BY r LIMIT 1)::float8 AS next,
    (upper(held) - 1)::float8 AS "lastSeq", ${instantSql('message_at')} AS "messageAt"
  FROM fleet.projections WHERE name = $1`;

const RESET = `
  INSERT INTO fleet.projections (name, stream, stream_created, held, message_at)
  VALUES ($1, $2, $3, int8multirange(int8range(NULL, $4)), coalesce($5::timestamptz, now()))
  ON CONFLICT (name) DO UPDATE SET
    stream = EXCLUDED.stream, stream_created = EXCLUDED.stream_created, held = EXCLUDED.held,
    message_at = EXCLUDED.message_at`;

const ADD = `
  UPDATE fleet.projections SET
    held = held + $3::int8multirange,
    message_at = CASE
      WHEN (SELECT count(*) FROM unnest(held + $3::int8multirange)) > 1 THEN message_at
      ELSE greatest(message_at, $4::timestamptz) END
  WHERE name = $1 AND stream_created = $2`;

// Without its row, or with another stream's, nothing is held.
const FIRST_HOLE = `
  SELECT lower(hole)::float8 AS "from", (upper(hole) - 1)::float8 AS "to"
  FROM (SELECT 1) AS always
  LEFT JOIN fleet.projections p ON p.name = $1 AND p.stream_created = $2
  CROSS JOIN LATERAL unnest(
    int8multirange(int8range(1, $3::bigint + 1)) - coalesce(p.held, int8multirange())) AS hole
  ORDER BY 1 LIMIT 1`;

const GAP = `
  INSERT INTO fleet.model_events (provider_id, model, state, ts, detail, seq)
  SELECT provider_id, '*', 'gap_suspected', $1::timestamptz + INTERVAL '4 microseconds',
    jsonb_build_object('fromTs', $4::text, 'toTs', $2::text, 'reason', 'projection_behind_log', 'missing', NULL), $3
  FROM fleet.hosts WHERE removed_at IS NULL OR removed_at > $1::timestamptz
  ON CONFLICT DO NOTHING`;

/** Locks the row until the end of the transaction; null when there is none. */
export async function lockPosition(tx: EntityManager, name: string): Promise<StoredPosition | null> {
  const [row] = await tx.query<StoredPosition[]>(`${READ} FOR UPDATE`, [name]);
  return row ?? null;
}

export async function readPosition(tx: EntityManager, name: string): Promise<StoredPosition | null> {
  const [row] = await tx.query<StoredPosition[]>(READ, [name]);
  return row ?? null;
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

/** Adds sequences (a multirange as text); without effect when the position is of another stream meanwhile. */
export async function addHeld(
  tx: EntityManager,
  name: string,
  created: string,
  held: string,
  at: string | null,
): Promise<void> {
  await tx.query(ADD, [name, created, held, at]);
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

/** Every host may have facts in the range that the log has no more. */
export async function insertGaps(tx: EntityManager, from: string, to: string, seq: number): Promise<void> {
  await tx.query(GAP, [from, to, seq, from]);
}
