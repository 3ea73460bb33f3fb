import type { EntityManager } from 'typeorm';

/** A fact and where it goes. */
export interface OutboxFact {
  subject: string;
  /** Nats-Msg-Id: names the fact for good. */
  msgId: string;
  body: object;
}

/**
 * The outbox of the service that owns a schema, as SQL.
 * @throws {Error} when the schema is no plain name
 */
export function outboxTable(schema: string): string {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(schema)) throw new Error(`"${schema}" is no name of a schema`);
  return `"${schema}".outbox`;
}

/**
 * In the transaction that changes what the fact tells of: both are there, or neither. Outbox carries it to the log.
 * @throws what the database answers, also for a second fact under the same id
 */
export async function addToOutbox(
  manager: EntityManager,
  schema: string,
  { subject, msgId, body }: OutboxFact,
): Promise<void> {
  await manager.query(`INSERT INTO ${outboxTable(schema)} (subject, msg_id, body) VALUES ($1, $2, $3)`, [
    subject,
    msgId,
    JSON.stringify(body),
  ]);
}

interface Row {
  id: string;
  subject: string;
  msg_id: string;
  body: object;
}

/** Locks what it returns until the transaction ends, and leaves out what another process has locked; oldest first. */
export async function takeFromOutbox(
  manager: EntityManager,
  schema: string,
  limit: number,
): Promise<(OutboxFact & { id: string })[]> {
  const rows: Row[] = await manager.query(
    `SELECT id, subject, msg_id, body FROM ${outboxTable(schema)} ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED`,
    [limit],
  );
  return rows.map(({ id, subject, msg_id, body }) => ({ id, subject, msgId: msg_id, body }));
}

export async function removeFromOutbox(
  manager: EntityManager,
  schema: string,
  ids: readonly string[],
): Promise<void> {
  await manager.query(`DELETE FROM ${outboxTable(schema)} WHERE id = ANY($1::bigint[])`, [ids]);
}
