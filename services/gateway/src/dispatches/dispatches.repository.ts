import {
  DIRECT,
  type DispatchesPage,
  type DispatchesQuerySchema,
  type DispatchTotals,
  type DispatchTotalsQuerySchema,
  type RouteFact,
} from '@boocontrol/contracts';
import { CursorInstant, cursorCodec, instantSql, jsonRows, pageOf } from '@boocontrol/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { z } from 'zod';

/** at, id: newest first. */
const feedCursor = cursorCodec('d', z.tuple([CursorInstant, z.uuid()]));

// One statement for a whole batch. In the order of the key, so that two transactions with the same rows wait for each other.
const INSERT = `
  INSERT INTO gateway.dispatches (
    id, at, endpoint, asked, policy, policy_version, source, key_id,
    providers, outcome, status, error,
    is_stream, queue_ms, first_byte_ms, first_content_ms, duration_ms, request_bytes, response_bytes,
    prompt_tokens, cache_tokens, output_tokens, candidates, attempts,
    session, prefix_hash, prefix_bytes, prefix_segments, prefix_relation)
  SELECT
    id, at, endpoint, asked, coalesce(policy->>'name', '${DIRECT}'), (policy->>'version')::bigint, source, "keyId",
    ARRAY(SELECT DISTINCT a->>'providerId' FROM jsonb_array_elements(attempts) AS a), outcome, status, error,
    "isStream", "queueMs", "firstByteMs", "firstContentMs", "durationMs", "requestBytes", "responseBytes",
    "promptTokens", "cacheTokens", "outputTokens", candidates, attempts,
    prefix->>'session', prefix->>'hash', (prefix->>'bytes')::bigint, (prefix->>'segments')::bigint, prefix->>'relation'
  FROM json_to_recordset($1::json) AS r (
    id uuid, at timestamptz, endpoint text, asked text, policy jsonb, source text, "keyId" text,
    outcome text, status smallint, error jsonb, "isStream" boolean,
    "queueMs" double precision, "firstByteMs" double precision, "firstContentMs" double precision,
    "durationMs" double precision, "requestBytes" bigint, "responseBytes" bigint,
    "promptTokens" bigint, "cacheTokens" bigint, "outputTokens" bigint, candidates jsonb, attempts jsonb, prefix jsonb)
  ORDER BY id, at
  ON CONFLICT DO NOTHING
  RETURNING id || ' ' || ${instantSql('at')} AS key`;

const keyOf = ({ id, at }: RouteFact): string => `${id.toLowerCase()} ${at}`;

/** Writes those that are not there yet, and resolves to them, each once. */
export async function insertDispatches(tx: EntityManager, facts: readonly RouteFact[]): Promise<RouteFact[]> {
  const byKey = new Map(facts.map((fact) => [keyOf(fact), fact]));
  const written = await tx.query<{ key: string }[]>(INSERT, [jsonRows([...byKey.values()])]);
  return written.flatMap(({ key }) => byKey.get(key) ?? []);
}

/** Of a record, or of a column of one; only where there is a session. */
export const PREFIX_SQL = `jsonb_build_object('session', session, 'hash', prefix_hash, 'bytes', prefix_bytes,
  'segments', prefix_segments, 'relation', prefix_relation)`;

const FACT = `
  jsonb_build_object(
    'id', id, 'at', ${instantSql('at')}, 'endpoint', endpoint, 'asked', asked,
    'policy', CASE WHEN policy <> '${DIRECT}' THEN jsonb_build_object('name', policy, 'version', policy_version) END,
    'source', source, 'keyId', key_id, 'candidates', candidates, 'attempts', attempts, 'outcome', outcome,
    'status', status, 'error', error, 'isStream', is_stream, 'queueMs', queue_ms, 'firstByteMs', first_byte_ms,
    'firstContentMs', first_content_ms, 'durationMs', duration_ms, 'requestBytes', request_bytes,
    'responseBytes', response_bytes, 'promptTokens', prompt_tokens, 'cacheTokens', cache_tokens,
    'outputTokens', output_tokens)
    || CASE WHEN session IS NULL THEN '{}' ELSE jsonb_build_object('prefix', ${PREFIX_SQL}) END AS fact`;

type Filter = z.output<typeof DispatchTotalsQuerySchema>;

/** The conditions of a filter; the values of their places are added to `values`. */
function conditionsOf(
  { policy, providerId, outcome, source, asked, failedOver, from, to }: Filter,
  values: unknown[],
): string[] {
  const conditions: string[] = [];
  const where = (condition: (place: string) => string, value: unknown): void => {
    if (value !== undefined) conditions.push(condition(`$${values.push(value)}`));
  };
  where((place) => `policy = ${place}`, policy);
  where((place) => `outcome = ${place}`, outcome);
  where((place) => `${place} = ANY(providers)`, providerId);
  where((place) => `source = ${place}`, source);
  where((place) => `asked = ${place}`, asked);
  where((place) => `(${FAILED_OVER}) = ${place}::boolean`, failedOver);
  where((place) => `at >= ${place}::timestamptz`, from);
  where((place) => `at < ${place}::timestamptz`, to);
  return conditions;
}

const FAILED_OVER = 'jsonb_array_length(attempts) > 1';

const whereAll = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;

/** One page. @throws {CallError} `bad_cursor` */
export async function listDispatches(
  db: DataSource,
  { limit, cursor, ...filter }: z.output<typeof DispatchesQuerySchema>,
): Promise<DispatchesPage> {
  const values: unknown[] = [limit + 1];
  const conditions = conditionsOf(filter, values);
  const [at, id] = cursor === undefined ? [] : feedCursor.decode(cursor);
  if (at !== undefined && id !== undefined)
    conditions.push(`(at, id) < ($${values.push(at)}::timestamptz, $${values.push(id)}::uuid)`);
  const found = await db.query<{ fact: RouteFact }[]>(
    `SELECT ${FACT} FROM gateway.dispatches
     ${whereAll(conditions)}
     ORDER BY gateway.dispatches.at DESC, gateway.dispatches.id DESC LIMIT $1`,
    values,
  );
  const facts = found.map(({ fact }) => fact);
  const { page, nextCursor } = pageOf(facts, limit, (last) => feedCursor.encode([last.at, last.id]));
  return { dispatches: page, nextCursor };
}

/** Sums over all of a filter. */
export async function sumDispatches(db: DataSource, filter: Filter): Promise<DispatchTotals> {
  const values: unknown[] = [];
  const conditions = conditionsOf(filter, values);
  const [row] = await db.query<DispatchTotals[]>(
    `SELECT count(*)::int AS requests,
       count(*) FILTER (WHERE ${FAILED_OVER})::int AS failovers,
       count(*) FILTER (WHERE outcome IN ('failed', 'refused'))::int AS failed,
       count(*) FILTER (WHERE outcome = 'incomplete')::int AS incomplete,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY first_content_ms) AS "firstContentMsP50",
       percentile_cont(0.95) WITHIN GROUP (ORDER BY first_content_ms) AS "firstContentMsP95"
     FROM gateway.dispatches ${whereAll(conditions)}`,
    values,
  );
  return row ?? NO_DISPATCHES;
}

const NO_DISPATCHES: DispatchTotals = {
  requests: 0,
  failovers: 0,
  failed: 0,
  incomplete: 0,
  firstContentMsP50: null,
  firstContentMsP95: null,
};

export async function findDispatch(db: DataSource, id: string): Promise<RouteFact | null> {
  const [row] = await db.query<{ fact: RouteFact }[]>(
    `SELECT ${FACT} FROM gateway.dispatches WHERE id = $1 LIMIT 1`,
    [id],
  );
  return row?.fact ?? null;
}

/** Of the last requests that were answered, oldest first: how large their bodies and their prompts were. */
export async function newestSizes(
  db: DataSource,
): Promise<{ model: string; requestBytes: number; promptTokens: number }[]> {
  const rows = await db.query<{ model: string; requestBytes: number; promptTokens: number }[]>(
    `SELECT attempts->-1->>'model' AS model, request_bytes::float8 AS "requestBytes",
       prompt_tokens::float8 AS "promptTokens"
     FROM gateway.dispatches
     WHERE at > now() - INTERVAL '7 days' AND outcome = 'succeeded' AND prompt_tokens IS NOT NULL
       AND attempts->-1->>'model' IS NOT NULL
     ORDER BY at DESC, id DESC LIMIT 2000`,
  );
  return rows.reverse();
}
