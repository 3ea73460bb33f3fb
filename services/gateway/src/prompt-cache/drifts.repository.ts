import type {
  CacheTotals,
  CacheTotalsQuerySchema,
  PrefixDrift,
  PrefixDrifts,
  PrefixDriftsQuerySchema,
} from '@boocontrol/contracts';
import { CursorInstant, cursorCodec, instantSql, jsonRows, pageOf } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { Conditions, type Period } from './period.js';

/** at, id: newest first. */
const newestCursor = cursorCodec('pn', z.tuple([CursorInstant, z.uuid()]));
/** lost ms (-1: not known), at, id: most first. */
const costCursor = cursorCodec('pc', z.tuple([z.number(), CursorInstant, z.uuid()]));

const COST = `coalesce(lost_ms, -1)`;

function byCost(cursor: string): [at: string, id: string, cost: number] {
  const [cost, at, id] = costCursor.decode(cursor);
  return [at, id, cost];
}

/** Writes those that are not there yet. */
export async function insertDrifts(db: DataSource, drifts: readonly PrefixDrift[]): Promise<void> {
  const rows = drifts.map((fact) => ({ id: fact.id, at: fact.at, fact }));
  // In the order of the key, so that two transactions with the same rows wait for each other.
  await db.query(
    `INSERT INTO gateway.prefix_drifts (id, at, fact)
     SELECT id, at, fact FROM json_to_recordset($1::json) AS r (id uuid, at timestamptz, fact jsonb)
     ORDER BY id, at
     ON CONFLICT DO NOTHING`,
    [jsonRows(rows)],
  );
}

type Whose = Pick<z.output<typeof CacheTotalsQuerySchema>, 'source' | 'model' | 'providerId'>;

function conditionsOf(period: Period, { source, model, providerId }: Whose): Conditions {
  return new Conditions()
    .within(period)
    .add((place) => `consumer = ${place}`, source)
    .add((place) => `model = ${place}`, model)
    .add((place) => `provider_id = ${place}`, providerId);
}

/** One page. @throws {CallError} `bad_cursor` */
export async function listDrifts(
  db: DataSource,
  period: Period,
  { kind, cause, session, order, limit, cursor, ...whose }: z.output<typeof PrefixDriftsQuerySchema>,
): Promise<PrefixDrifts> {
  const conditions = conditionsOf(period, whose)
    .add((place) => `kind = ${place}`, kind)
    .add((place) => `cause = ${place}`, cause)
    .add((place) => `session = ${place}`, session);
  const isByCost = order === 'cost';
  if (cursor !== undefined) {
    const [at, id, cost] = isByCost ? byCost(cursor) : newestCursor.decode(cursor);
    const key = `${conditions.place(at)}::timestamptz, ${conditions.place(id)}::uuid`;
    if (cost === undefined) conditions.and(`(at, id) < (${key})`);
    else conditions.add((place) => `(${COST}, at, id) < (${place}::double precision, ${key})`, cost);
  }
  const found = await db.query<{ fact: PrefixDrift }[]>(
    `SELECT fact FROM gateway.prefix_drifts WHERE ${conditions.toString()}
     ORDER BY ${isByCost ? `${COST} DESC, ` : ''}at DESC, id DESC
     LIMIT ${conditions.place(limit + 1)}::int`,
    conditions.values,
  );
  const { page, nextCursor } = pageOf(
    found.map(({ fact }) => fact),
    limit,
    (last) =>
      isByCost
        ? costCursor.encode([last.lostMs ?? -1, last.at, last.id])
        : newestCursor.encode([last.at, last.id]),
  );
  return { drifts: page, nextCursor };
}

/** null: there is none, or it is no longer kept. */
export async function findDrift(db: DataSource, id: string): Promise<PrefixDrift | null> {
  const [row] = await db.query<{ fact: PrefixDrift }[]>(
    `SELECT fact FROM gateway.prefix_drifts WHERE id = $1 LIMIT 1`,
    [id],
  );
  return row?.fact ?? null;
}

/** What each cause cost, what cost most first. */
export function sumCauses(db: DataSource, period: Period, whose: Whose): Promise<CacheTotals['causes']> {
  const conditions = conditionsOf(period, whose);
  return db.query<CacheTotals['causes']>(
    `SELECT kind, cause, count(*)::int AS count, count(DISTINCT session)::int AS sessions,
       coalesce(sum(lost_tokens), 0)::float8 AS "lostTokens", coalesce(sum(lost_ms), 0) AS "lostMs",
       ${instantSql('max(at)')} AS "lastAt"
     FROM gateway.prefix_drifts WHERE ${conditions.toString()}
     GROUP BY kind, cause ORDER BY sum(lost_ms) DESC NULLS LAST, count(*) DESC, cause`,
    conditions.values,
  );
}
