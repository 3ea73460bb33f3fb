import type { TotalsQuerySchema } from '@boocontrol/contracts';
import { instantSql } from '@boocontrol/platform';
import type { z } from 'zod';
import { totalsCursor } from '../db/cursor.js';
import type { SqlParams } from '../db/sql.js';

type TotalsQuery = z.output<typeof TotalsQuerySchema>;

/** One of the things by which requests are grouped. */
export interface KeyPart {
  /** Under which name a group has it. */
  field: 'bucket' | 'providerId' | 'model' | 'source';
  /** As SQL, and as SQL of what the answer shows. */
  sql: string;
  shown: string;
  type: 'timestamptz' | 'text';
}

const DIMENSIONS = [
  { name: 'provider', field: 'providerId', column: 'provider_id' },
  { name: 'model', field: 'model', column: 'model' },
  { name: 'source', field: 'source', column: 'source' },
] as const;

/**
 * What the query groups by, in the order of its answer; empty: one group for all. Buckets begin at multiples of bucketS
 * from Monday, 3 January 2000, 00:00 UTC: hours, days and weeks as people expect.
 */
export function groupKey({ bucketS, groupBy }: TotalsQuery, params: SqlParams): KeyPart[] {
  const bucket =
    bucketS === undefined ? null : `time_bucket(make_interval(secs => ${params.add(bucketS)}), ts)`;
  return [
    ...(bucket === null
      ? []
      : [{ field: 'bucket', sql: bucket, shown: instantSql(bucket), type: 'timestamptz' } as const]),
    ...DIMENSIONS.filter(({ name }) => groupBy.includes(name)).map(
      ({ field, column }) => ({ field, sql: column, shown: column, type: 'text' }) as const,
    ),
  ];
}

/** Cursors of answers with this key; of another one they are no cursors. */
export const cursorOf = (key: readonly KeyPart[]): ReturnType<typeof totalsCursor> =>
  totalsCursor(key.map(({ field }) => field));

/** Conditions on fleet.requests that leave the groups behind a cursor. Thrown: CallError `bad_cursor`. */
export function behindCursor(
  cursor: string | undefined,
  key: readonly KeyPart[],
  params: SqlParams,
): string[] {
  if (cursor === undefined) return [];
  const last = cursorOf(key)
    .decode(cursor)
    .map((value, i) => `${params.add(value)}::${key[i]?.type}`);
  const isBehind = `(${key.map(({ sql }) => sql).join(', ')}) > (${last.join(', ')})`;
  // Of itself the first condition says nothing new; by it TimescaleDB leaves out older chunks.
  return key[0]?.field === 'bucket' ? [`ts >= ${last[0]}`, isBehind] : [isBehind];
}
