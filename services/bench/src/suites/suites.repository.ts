import type { BenchSuite, Suite } from '@boocontrol/contracts';
import { cursorCodec, instantSql, pageOf } from '@boocontrol/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { z } from 'zod';

/** A version, and whether the name was free after it. */
export interface StoredVersion extends BenchSuite {
  version: number;
  isRemoved: boolean;
}

const VERSION = `
  s.name, s.version, s.hash, s.origin, s.suite, ${instantSql('s.created_at')} AS at,
  s.removed_at IS NOT NULL AS "isRemoved", coalesce(r.runs, 0) AS runs`;
const WITH_RUNS = `
  LEFT JOIN LATERAL (
    SELECT count(*)::int AS runs FROM bench.runs WHERE suite_name = s.name AND suite_hash = s.hash
  ) AS r ON true`;
/** The one that counts; the primary key has it at hand. */
const NEWEST = `(s.name, s.version) IN (SELECT name, max(version) FROM bench.suites GROUP BY name)`;

/** Of each name the newest version, those that are removed included; in the order of names. */
export function newestSuites(db: DataSource): Promise<StoredVersion[]> {
  return db.query<StoredVersion[]>(
    `SELECT ${VERSION} FROM bench.suites s ${WITH_RUNS} WHERE ${NEWEST} ORDER BY s.name`,
  );
}

export async function newestSuite(
  db: DataSource | EntityManager,
  name: string,
): Promise<StoredVersion | null> {
  const [row] = await db.query<StoredVersion[]>(
    `SELECT ${VERSION} FROM bench.suites s ${WITH_RUNS} WHERE s.name = $1 ORDER BY s.version DESC LIMIT 1`,
    [name],
  );
  return row ?? null;
}

const PAGE = 100;
const nameCursor = cursorCodec('u', z.tuple([z.string().max(100)]));
const versionCursor = cursorCodec('v', z.tuple([z.int()]));

/** One page of those that are not removed. @throws {CallError} `bad_cursor` */
export async function listSuites(
  db: DataSource,
  cursor: string | undefined,
): Promise<{ suites: BenchSuite[]; nextCursor: string | null }> {
  const [after] = cursor === undefined ? [null] : nameCursor.decode(cursor);
  const rows = await db.query<StoredVersion[]>(
    `SELECT ${VERSION} FROM bench.suites s ${WITH_RUNS}
     WHERE s.removed_at IS NULL AND ${NEWEST} AND ($1::text IS NULL OR s.name COLLATE "C" > $1)
     ORDER BY s.name COLLATE "C" LIMIT $2`,
    [after, PAGE + 1],
  );
  const { page, nextCursor } = pageOf(rows, PAGE, ({ name }) => nameCursor.encode([name]));
  return { suites: page.map(shown), nextCursor };
}

/** One page, newest first, those of a removed suite as well. @throws {CallError} `bad_cursor` */
export async function listVersions(
  db: DataSource,
  name: string,
  cursor: string | undefined,
): Promise<{ versions: BenchSuite[]; nextCursor: string | null }> {
  const [before] = cursor === undefined ? [null] : versionCursor.decode(cursor);
  const rows = await db.query<StoredVersion[]>(
    `SELECT ${VERSION} FROM bench.suites s ${WITH_RUNS}
     WHERE s.name = $1 AND ($2::int IS NULL OR s.version < $2) ORDER BY s.version DESC LIMIT $3`,
    [name, before, PAGE + 1],
  );
  const { page, nextCursor } = pageOf(rows, PAGE, ({ version }) => versionCursor.encode([version]));
  return { versions: page.map(shown), nextCursor };
}

export function shown({ version: _version, isRemoved: _isRemoved, ...suite }: StoredVersion): BenchSuite {
  return suite;
}

/** One at a time of each name, over all processes; until the transaction ends. */
export async function lockName(manager: EntityManager, name: string): Promise<void> {
  await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('bench.suites ' || $1, 0))`, [name]);
}

export async function addVersion(
  manager: EntityManager,
  version: number,
  { name, hash, origin, suite }: Pick<BenchSuite, 'name' | 'hash' | 'origin' | 'suite'>,
): Promise<void> {
  await manager.query(
    `INSERT INTO bench.suites (name, version, hash, origin, suite, created_at)
     VALUES ($1, $2, $3, $4, $5, clock_timestamp())`,
    [name, version, hash, origin, JSON.stringify(suite)],
  );
}

/** For what its hash does not cover: how it is called, what it is for, where it is measured. */
export async function rewriteVersion(
  manager: EntityManager,
  name: string,
  version: number,
  suite: Suite,
): Promise<void> {
  await manager.query(`UPDATE bench.suites SET suite = $3 WHERE name = $1 AND version = $2`, [
    name,
    version,
    JSON.stringify(suite),
  ]);
}

export async function removeVersion(manager: EntityManager, name: string, version: number): Promise<void> {
  await manager.query(
    `UPDATE bench.suites SET removed_at = clock_timestamp() WHERE name = $1 AND version = $2`,
    [name, version],
  );
}

/** Whether a schedule measures by it. */
export async function isScheduled(manager: EntityManager, name: string): Promise<boolean> {
  const [row] = await manager.query<{ used: boolean }[]>(
    `SELECT EXISTS (SELECT 1 FROM bench.schedules WHERE input->>'suiteName' = $1) AS used`,
    [name],
  );
  return row?.used === true;
}
