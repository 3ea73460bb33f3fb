import type { Generation } from '@boocontrol/contracts';
import type { BadItem, HostClient, HostRow } from '@boocontrol/llama-swap';

/** Rows asked for at once where the question is only what is new, and where a whole ring may have to be read. */
const LIVE_LIMIT = 50;
const FULL_LIMIT = 500;
/** A host that keeps its rows on disk may have millions; so many of the newest are taken at most. */
const ROWS_MAX = 20_000;

export interface RowsSoFar {
  rows: HostRow[];
  bad: BadItem[];
  /** There are no older ones (or none that we would take). */
  complete: boolean;
}

/** Asks a host for its rows, newest first, in as many steps as are wanted. Thrown by a step: HostError. */
export async function* hostRows(
  client: HostClient,
  generation: Generation,
  { isLive, signal }: { isLive: boolean; signal: AbortSignal },
): AsyncGenerator<RowsSoFar, void> {
  if (generation === 'A') {
    yield { ...(await client.metricsRing({ signal })), complete: true };
    return;
  }
  const limit = isLive ? LIVE_LIMIT : FULL_LIMIT;
  const rows: HostRow[] = [];
  const bad: BadItem[] = [];
  for (let page = 1; ; page++) {
    // Rows that arrive meanwhile push older ones to later pages: some come twice, none is passed over.
    const answer = await client.activityPage(page, limit, { signal });
    for (const row of answer.rows) rows.push(row);
    for (const item of answer.bad) bad.push(item);
    const isEmpty = answer.rows.length + answer.bad.length === 0;
    const complete = isEmpty || page >= answer.totalPages || rows.length + bad.length >= ROWS_MAX;
    yield { rows, bad, complete };
    if (complete) return;
  }
}
