import type { Gaps, GapsQuerySchema } from '@boocontrol/contracts';
import type { z } from 'zod';
import { isOneOf } from '../activity/activity-filter.js';
import { fitPage } from '../db/fit-page.js';
import type { HistoryDb } from '../db/history-db.js';
import { parseRange } from '../db/range.js';
import { instantSql, SqlParams } from '../db/sql.js';
import { overlaps, unreachableSpans, type HostEventRow } from './unreachable-spans.js';

type Gap = Gaps['gaps'][number];

// A span that began before `from` reaches into the range: its loss is the last host event before `from`, or an earlier
// one of the same outage, so all host events are read. A host has a few of them a day.
const HOST_EVENTS = `
  SELECT provider_id AS "providerId", state, ${instantSql('ts')} AS ts, detail->'reason'->>'message' AS reason
  FROM fleet.model_events
  WHERE model = '*' AND state IN ('host_connected', 'host_reconnecting', 'host_down', 'host_disabled')`;

const REMOVED = `
  SELECT provider_id AS "providerId", ${instantSql('removed_at')} AS "removedAt"
  FROM fleet.hosts WHERE removed_at IS NOT NULL`;

/** Both kinds of gap, newest first. Thrown: CallError `bad_range`; RpcError `unavailable`. */
export async function gaps(db: HistoryDb, query: z.output<typeof GapsQuerySchema>): Promise<Gaps> {
  const range = parseRange(query);
  const all = [...(await unreachable(db, query.providerId)), ...(await lost(db, query.providerId))]
    .filter((gap) => overlaps(gap, range.from, range.to))
    .sort((a, b) => (a.fromTs < b.fromTs ? 1 : a.fromTs > b.fromTs ? -1 : 0));
  return { gaps: fitPage(all) };
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
