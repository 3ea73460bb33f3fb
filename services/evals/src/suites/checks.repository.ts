import type { EvalSuite, EvalSuiteCheck } from '@boocontrol/contracts';
import { instantSql } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';

/** A version whose solutions are to be tried by the worker that asked. */
export interface Claimed {
  name: string;
  hash: string;
  suite: EvalSuite;
}

/** What is known so far. */
export type Tried = Pick<EvalSuiteCheck, 'tried' | 'total' | 'faults' | 'leftOut' | 'reason'>;

/** Without a word for so long, whoever is at it is gone. */
const ABANDONED_S = 60;

/**
 * Claims the next version that was not tried: the newest of each suite that did not come with the program.
 * @param isSandboxUsable true: those again of which something was left out
 */
export async function claimCheck(
  db: DataSource,
  worker: string,
  isSandboxUsable: boolean,
): Promise<Claimed | null> {
  const [claimed] = await db.query<Claimed[]>(
    `WITH next AS (
       SELECT s.name, s.hash, s.suite FROM evals.suites s LEFT JOIN evals.checks c USING (name, hash)
       WHERE (s.name, s.version) IN (SELECT name, max(version) FROM evals.suites GROUP BY name)
         AND s.removed_at IS NULL AND s.origin <> 'builtin' AND (c.name IS NULL
           OR (c.done_at IS NULL AND c.claimed_at < clock_timestamp() - make_interval(secs => $2))
           OR (c.done_at IS NOT NULL AND c.left_out > 0 AND $3::boolean))
       ORDER BY s.created_at LIMIT 1),
     mine AS (
       INSERT INTO evals.checks (name, hash, worker, claimed_at) SELECT name, hash, $1, clock_timestamp() FROM next
       ON CONFLICT (name, hash) DO UPDATE SET worker = $1, claimed_at = clock_timestamp(), done_at = NULL
         WHERE checks.done_at IS NOT NULL OR checks.claimed_at < clock_timestamp() - make_interval(secs => $2)
       RETURNING name, hash)
     SELECT name, hash, suite FROM next JOIN mine USING (name, hash)`,
    [worker, ABANDONED_S, isSandboxUsable],
  );
  return claimed ?? null;
}

/** @returns false: somebody else has taken it over */
export async function noteTried(
  db: DataSource,
  worker: string,
  { name, hash }: Pick<Claimed, 'name' | 'hash'>,
  { tried, total, faults, leftOut, reason }: Tried,
  isDone: boolean,
): Promise<boolean> {
  const [, noted] = await db.query<[unknown, number]>(
    `UPDATE evals.checks SET tried = $4, total = $5, faults = $6, left_out = $7, reason = $8,
       claimed_at = clock_timestamp(), done_at = CASE WHEN $9::boolean THEN clock_timestamp() END
     WHERE name = $1 AND hash = $2 AND worker = $3`,
    [name, hash, worker, tried, total, JSON.stringify(faults), leftOut, reason, isDone],
  );
  return noted > 0;
}

/** Goes without having tried all: the next worker need not wait. */
export async function letGoCheck(db: DataSource, worker: string): Promise<void> {
  await db.query(`UPDATE evals.checks SET claimed_at = '-infinity' WHERE worker = $1 AND done_at IS NULL`, [
    worker,
  ]);
}

/** How many are known once all was tried; none of those that were tried says nothing of those that were not. */
export function faultsIn(check: EvalSuiteCheck | null): number | null {
  if (check === null || check.at === null) return null;
  return check.leftOut === 0 || check.faults.length > 0 ? check.faults.length : null;
}

/** null: it has not begun. */
export async function checkOf(db: DataSource, name: string, hash: string): Promise<EvalSuiteCheck | null> {
  const [check] = await db.query<EvalSuiteCheck[]>(
    `SELECT ${instantSql('done_at')} AS at, tried, total, faults, left_out AS "leftOut", reason
     FROM evals.checks WHERE name = $1 AND hash = $2`,
    [name, hash],
  );
  return check ?? null;
}
