import type { Gaps, GapsQuerySchema } from '@boocontrol/contracts';
import { instantSql, pageOf } from '@boocontrol/platform';
import type { z } from 'zod';
import { isOneOf } from '../activity/activity-filter.js';
import { gapCursor } from '../db/cursor.js';
import type { HistoryDb } from '../db/history-db.js';
import { parseRange } from '../db/range.js';
import { SqlParams } from '../db/sql.js';
import { overlaps, unreachableSpans, type HostEventRow } from './unreachable-spans.js';

type Gap = Gaps['gaps'][number];

/** Of a page; the longest reasons make it shorter. */
const MAX_GAPS = 5_000;

// A span that began before `from` reaches into the range: its loss is the last host event before `from`, or an earlier
// one of the same outage, so all host events are read. A host has a few of them a day.
const HOST_EVENTS = `
  SELECT provider_id AS "providerId", state, ${instantSql('ts')} AS ts, detail->'reason'->>'message' AS reason
  FROM fleet.model_events
  WHERE model = '*' AND state IN ('host_connected', 'host_reconnecting', 'host_down', 'host_disabled')`;

const REMOVED = `
  SELECT provider_id AS "providerId", ${instantSql('removed_at')} AS "removedAt"
  FROM fleet.hosts WHERE removed_at IS NOT NULL`;

/**
 * A page of both kinds of gap, newest first. A gap that is over by the time of the next page keeps its place: only where
 * it begins counts. Thrown: CallError `bad_range`, `bad_cursor`; RpcError `unavailable`.
 */
export async function gaps(db: HistoryDb, query: z.output<typeof GapsQuerySchema>): Promise<Gaps> {
  const range = parseRange(query);
  const after = query.cursor === undefined ? null : gapCursor.decode(query.cursor);
  const found = [...(await unreachable(db, query.providerId)), ...(await lost(db, query.providerId))]
    .filter((gap) => overlaps(gap, range.from, range.to) && (after === null || isBefore(keyOf(gap), after)))
    .sort((a, b) => (isBefore(keyOf(a), keyOf(b)) ? 1 : -1));
  const { page, nextCursor } = pageOf(found, query.limit ?? MAX_GAPS, (gap) => gapCursor.encode(keyOf(gap)));
  return { gaps: page, nextCursor };
}

type GapKey = ReturnType<typeof gapCursor.decode>;

/** No two gaps have the same: spans of a host begin apart, and a host loses at most once for a reason from one instant on. */
const keyOf = ({ fromTs, providerId, kind, reason }: Gap): GapKey => [
  fromTs,
  providerId,
  kind,
  kind === 'lost' ? reason : '',
];

function isBefore(key: GapKey, other: GapKey): boolean {
  const index = key.findIndex((part, i) => part !== other[i]);
  return index !== -1 && (key[index] ?? '') < (other[index] ?? '');
}

async function unreachable(db: HistoryDb, providerIds: string[] | undefined): Promise<Gap[]> {
  const params = new SqlParams();
  const ofHosts = isOneOf('provider_id', providerIds, params).map((condition) => ` AND ${condition}`);
  const events = await db.rows<HostEventRow>(
    `${HOST_EVENTS}${ofHosts.join('')} ORDER BY provider_id, fleet.model_events.ts, seq`,
    params.values,
  );
  const removed = await db.rows<{ providerId: string; removedAt: string }>(REMOVED);
  return unreachableSpans(
    events,
    new Map(removed.map(({ providerId, removedAt }) => [providerId, removedAt])),
  );
}

async function lost(db: HistoryDb, providerIds: string[] | undefined): Promise<Gap[]> {
  const params = new SqlParams();
  const ofHosts = isOneOf('provider_id', providerIds, params).map((condition) => ` AND ${condition}`);
  return db.rows<Gap>(
    `SELECT provider_id AS "providerId", 'lost' AS kind, detail->>'fromTs' AS "fromTs", detail->>'toTs' AS "toTs",
       detail->>'reason' AS reason, (detail->>'missing')::float8 AS "missingRows"
     FROM fleet.model_events WHERE model = '*' AND state = 'gap_suspected'${ofHosts.join('')}`,
    params.values,
  );
}
