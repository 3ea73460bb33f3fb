import type { ActivityPage, ActivityRow } from '@boocontrol/contracts';
import { foundIn, type CaptureText, type TextQuery } from '@boocontrol/fleet-model';
import { instantSql } from '@boocontrol/platform';
import type { HistoryDb } from '../db/history-db.js';

/** Texts in memory at a time: each of a capture, which is 256 kB at most. */
const BATCH = 20;

const TEXTS = `
  SELECT r.n::int AS n, c.prompt_text AS prompt, c.answer_text AS answer
  FROM unnest($1::text[], $2::bigint[], $3::timestamptz[]) WITH ORDINALITY AS r (provider_id, swap_entry_id, ts, n)
  JOIN fleet.captures c USING (provider_id, swap_entry_id, ts)`;
const SEARCHED = `
  SELECT (SELECT ${instantSql('min(ts)')} FROM fleet.captures) AS since,
    (SELECT count(*)::int FROM fleet.captures WHERE words IS NULL) AS unread`;

/** The rows, each with the piece of its text where the search found something. Thrown: RpcError `unavailable`. */
export async function withFound(
  db: HistoryDb,
  rows: readonly ActivityRow[],
  query: TextQuery,
): Promise<ActivityRow[]> {
  const all: ActivityRow[] = [];
  for (let at = 0; at < rows.length; at += BATCH) {
    const batch = rows.slice(at, at + BATCH);
    const texts = await db.rows<CaptureText & { n: number }>(TEXTS, [
      batch.map(({ providerId }) => providerId),
      batch.map(({ entryId }) => entryId),
      batch.map(({ ts }) => ts),
    ]);
    const byPlace = new Map(texts.map(({ n, ...text }) => [n - 1, text]));
    // Pruned since the page was asked for: there is nothing to show of it any more.
    const gone = { prompt: '', answer: '' };
    all.push(...batch.map((row, n) => ({ ...row, found: foundIn(byPlace.get(n) ?? gone, query) })));
  }
  return all;
}

/** What there is to search in. Thrown: RpcError `unavailable`. */
export async function searchedIn(db: HistoryDb): Promise<NonNullable<ActivityPage['searched']>> {
  const [found] = await db.rows<NonNullable<ActivityPage['searched']>>(SEARCHED);
  return found ?? { since: null, unread: 0 };
}
