import type { Instant } from '@boocontrol/contracts';
import { instantSql } from '../db/instant-sql.js';
import { jsonRows } from '../db/json-rows.js';
import type { DataSource } from 'typeorm';

/** Who used which model of a host, and when a request of theirs ended last. */
export interface Use {
  providerId: string;
  source: string;
  model: string;
  at: Instant;
}

/** The last time of each is kept. */
export async function noteTraffic(db: DataSource, schema: string, uses: readonly Use[]): Promise<void> {
  const newest = new Map<string, Use>();
  for (const use of uses) {
    const key = JSON.stringify([use.providerId, use.source, use.model]);
    const known = newest.get(key);
    if (known === undefined || known.at < use.at) newest.set(key, use);
  }
  // In one order, so that processes do not wait for each other in a circle.
  const rows = [...newest].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, use]) => use);
  await db.query(
    `INSERT INTO ${schema}.traffic AS known (provider_id, source, model, last_at)
     SELECT "providerId", source, model, at FROM json_to_recordset($1::json)
       AS row ("providerId" text, source text, model text, at timestamptz)
     ON CONFLICT (provider_id, source, model) DO UPDATE SET last_at = excluded.last_at
     WHERE known.last_at < excluded.last_at`,
    [jsonRows(rows)],
  );
}

/** How long ago each ended, in seconds: those of the last while, newest first. */
export function recentTraffic(
  db: DataSource,
  schema: string,
  providerId: string,
  withinS: number,
): Promise<{ source: string; model: string; agoS: number; at: Instant }[]> {
  return db.query(
    `SELECT source, model, greatest(0, extract(epoch FROM clock_timestamp() - last_at))::float8 AS "agoS",
       ${instantSql('last_at')} AS at
     FROM ${schema}.traffic
     WHERE provider_id = $1 AND last_at > clock_timestamp() - make_interval(secs => $2)
     ORDER BY last_at DESC LIMIT 50`,
    [providerId, withinS],
  );
}

/** Forgets what nobody asks for any more. */
export async function forgetTraffic(db: DataSource, schema: string): Promise<void> {
  await db.query(`DELETE FROM ${schema}.traffic WHERE last_at < clock_timestamp() - interval '1 day'`);
}
