import type { EntityManager } from 'typeorm';

/** A fact and where it goes. */
export interface OutboxFact {
  subject: string;
  /** Nats-Msg-Id: names the fact for good. */
  msgId: string;
  body: object;
}

/** In the transaction that changes what the fact tells of: both are there, or neither. */
export async function addToOutbox(
  manager: EntityManager,
  { subject, msgId, body }: OutboxFact,
): Promise<void> {
  await manager.query(`INSERT INTO actions.outbox (subject, msg_id, body) VALUES ($1, $2, $3)`, [
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
  limit: number,
): Promise<(OutboxFact & { id: string })[]> {
  const rows: Row[] = await manager.query(
    `SELECT id, subject, msg_id, body FROM actions.outbox ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED`,
    [limit],
  );
  return rows.map(({ id, subject, msg_id, body }) => ({ id, subject, msgId: msg_id, body }));
}

export async function removeFromOutbox(manager: EntityManager, ids: readonly string[]): Promise<void> {
  await manager.query(`DELETE FROM actions.outbox WHERE id = ANY($1::bigint[])`, [ids]);
}
