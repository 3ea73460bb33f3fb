import type { RouteFact } from '@boocontrol/contracts';
import { attemptEndMs, instantFromMs, sentAttempts, type PlacedAttempt } from '@boocontrol/fleet-model';
import { jsonRows } from '@boocontrol/platform';
import type { EntityManager } from 'typeorm';

/** An attempt with its request, and where that stands on ROUTES. */
export interface StoredAttempt extends PlacedAttempt {
  fact: RouteFact;
  seq: number;
}

/** Those that a provider may have a row of. */
export function attemptsOf(fact: RouteFact, seq: number): StoredAttempt[] {
  return sentAttempts(fact).map((placed) => ({ ...placed, fact, seq }));
}

// In the order of the key, so that two transactions with the same rows wait for each other.
const INSERT = `
  INSERT INTO fleet.dispatch_attempts (
    dispatch_id, attempt, attempts, provider_id, model, req_path, source, outcome, status, started_at, ended_at,
    prompt_tokens, output_tokens)
  SELECT "dispatchId", attempt, attempts, "providerId", model, "reqPath", source, outcome, status, "startedAt",
    "endedAt", "promptTokens", "outputTokens"
  FROM json_to_recordset($1::json) AS r (
    "dispatchId" uuid, attempt smallint, attempts smallint, "providerId" text, model text, "reqPath" text,
    source text, outcome text, status smallint, "startedAt" timestamptz, "endedAt" timestamptz,
    "promptTokens" bigint, "outputTokens" bigint)
  ORDER BY 1, 2
  ON CONFLICT DO NOTHING
  RETURNING dispatch_id || ' ' || attempt AS key`;

const keyOf = ({ fact, place }: StoredAttempt): string => `${fact.id.toLowerCase()} ${place}`;

/** Writes those that are not there yet, and resolves to them, each once. */
export async function insertAttempts(
  tx: EntityManager,
  attempts: readonly StoredAttempt[],
): Promise<StoredAttempt[]> {
  if (attempts.length === 0) return [];
  const byKey = new Map<string, StoredAttempt>();
  for (const each of attempts) if (!byKey.has(keyOf(each))) byKey.set(keyOf(each), each);
  const rows = [...byKey.values()].map(rowOf);
  const written = await tx.query<{ key: string }[]>(INSERT, [jsonRows(rows)]);
  return written.flatMap(({ key }) => byKey.get(key) ?? []);
}

function rowOf({ fact, attempt, place }: StoredAttempt): object {
  // What is counted is of the answer that the client got: the last attempt's.
  const isLast = place === fact.attempts.length;
  const { providerId, model, outcome, status, startedAt } = attempt;
  return {
    dispatchId: fact.id,
    attempt: place,
    attempts: fact.attempts.length,
    providerId,
    model,
    reqPath: `/v1${fact.endpoint}`,
    source: fact.source,
    outcome,
    status,
    startedAt,
    endedAt: instantFromMs(attemptEndMs(attempt)),
    promptTokens: isLast ? fact.promptTokens : null,
    outputTokens: isLast ? fact.outputTokens : null,
  };
}

const JOIN_MADE = `
  UPDATE fleet.dispatch_attempts a SET row_entry_id = r."entryId", row_ts = r.ts, joined = 'exact'
  FROM json_to_recordset($1::json) AS r ("dispatchId" uuid, attempt smallint, "entryId" bigint, ts timestamptz)
  WHERE a.dispatch_id = r."dispatchId" AND a.attempt = r.attempt`;

/** Attempts whose rows are made of them. */
export async function joinMade(
  tx: EntityManager,
  made: readonly { dispatchId: string; attempt: number; entryId: number; ts: string }[],
): Promise<void> {
  if (made.length > 0) await tx.query(JOIN_MADE, [jsonRows(made)]);
}
