import type { EvalSuite, EvalSuiteDetail, EvalSuiteHead } from '@boocontrol/contracts';
import { cursorCodec, instantSql, pageOf } from '@boocontrol/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { z } from 'zod';

type Db = DataSource | EntityManager;
type Origin = EvalSuiteHead['origin'];
/** What is told of a version without reading its items. */
type Told = Pick<
  EvalSuiteHead,
  'title' | 'description' | 'category' | 'licence' | 'samples' | 'items' | 'kinds'
>;

/** A version, and whether the name was free after it. */
export interface StoredVersion {
  version: number;
  isRemoved: boolean;
  head: EvalSuiteHead;
}
export interface WholeVersion extends StoredVersion {
  suite: EvalSuite;
}

const COLUMNS = `
  s.name, s.version, s.hash, s.origin, s.head AS told, ${instantSql('s.created_at')} AS at,
  s.removed_at IS NOT NULL AS "isRemoved",
  (SELECT count(*)::int FROM evals.runs WHERE suite_name = s.name AND suite_hash = s.hash) AS runs,
  ARRAY(SELECT item FROM evals.retired WHERE name = s.name AND hash = s.hash ORDER BY item COLLATE "C") AS retired,
  (SELECT CASE WHEN left_out = 0 OR faults <> '[]' THEN jsonb_array_length(faults) END
   FROM evals.checks WHERE name = s.name AND hash = s.hash AND done_at IS NOT NULL) AS faults`;
/** The one that counts; the primary key has it at hand. */
const NEWEST = `(s.name, s.version) IN (SELECT name, max(version) FROM evals.suites GROUP BY name)`;

interface Row extends Pick<EvalSuiteHead, 'name' | 'hash' | 'origin' | 'at' | 'runs' | 'retired' | 'faults'> {
  version: number;
  isRemoved: boolean;
  told: Told;
}

function versionOf({ version, isRemoved, told, ...row }: Row): StoredVersion {
  const { name, hash, origin, at, runs, retired, faults } = row;
  return { version, isRemoved, head: { name, hash, origin, ...told, retired, at, runs, faults } };
}

const wholeOf = (row: Row & { suite: EvalSuite }): WholeVersion => ({ ...versionOf(row), suite: row.suite });

export async function newestSuite(db: Db, name: string): Promise<WholeVersion | null> {
  const [row] = await db.query<(Row & { suite: EvalSuite })[]>(
    `SELECT ${COLUMNS}, s.suite FROM evals.suites s WHERE s.name = $1 ORDER BY s.version DESC LIMIT 1`,
    [name],
  );
  return row === undefined ? null : wholeOf(row);
}

/** A version, whatever became of its suite. */
export async function suiteOfHash(db: Db, name: string, hash: string): Promise<WholeVersion | null> {
  const [row] = await db.query<(Row & { suite: EvalSuite })[]>(
    `SELECT ${COLUMNS}, s.suite FROM evals.suites s WHERE s.name = $1 AND s.hash = $2
     ORDER BY s.version DESC LIMIT 1`,
    [name, hash],
  );
  return row === undefined ? null : wholeOf(row);
}

/** Names of suites that are not removed, by where they are from. */
export async function namesFrom(db: Db, origin: Origin): Promise<string[]> {
  const rows = await db.query<{ name: string }[]>(
    `SELECT s.name FROM evals.suites s WHERE ${NEWEST} AND s.removed_at IS NULL AND s.origin = $1`,
    [origin],
  );
  return rows.map(({ name }) => name);
}

const PAGE = 100;
const nameCursor = cursorCodec('u', z.tuple([z.string().max(100)]));

/** One page of those that are not removed. @throws {CallError} `bad_cursor` */
export async function listSuites(
  db: Db,
  cursor: string | undefined,
): Promise<{ suites: EvalSuiteHead[]; nextCursor: string | null }> {
  const [after] = cursor === undefined ? [null] : nameCursor.decode(cursor);
  const rows = await db.query<Row[]>(
    `SELECT ${COLUMNS} FROM evals.suites s
     WHERE s.removed_at IS NULL AND ${NEWEST} AND ($1::text IS NULL OR s.name COLLATE "C" > $1)
     ORDER BY s.name COLLATE "C" LIMIT $2`,
    [after, PAGE + 1],
  );
  const heads = rows.map((row) => versionOf(row).head);
  const { page, nextCursor } = pageOf(heads, PAGE, ({ name }) => nameCursor.encode([name]));
  return { suites: page, nextCursor };
}

const MAX_VERSIONS = 500;

/** Newest first, each hash once. */
export function versionsOf(db: Db, name: string): Promise<EvalSuiteDetail['versions']> {
  return db.query<EvalSuiteDetail['versions']>(
    `SELECT v.hash, ${instantSql('v.created_at')} AS at,
       (SELECT count(*)::int FROM evals.runs WHERE suite_name = $1 AND suite_hash = v.hash) AS runs
     FROM (SELECT DISTINCT ON (hash) hash, version, created_at FROM evals.suites WHERE name = $1
           ORDER BY hash, version DESC) AS v
     ORDER BY v.version DESC LIMIT $2`,
    [name, MAX_VERSIONS],
  );
}

/** One at a time of each name, over all processes; until the transaction ends. */
export async function lockName(manager: EntityManager, name: string): Promise<void> {
  await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('evals.suites ' || $1, 0))`, [name]);
}

function toldOf({ title, description, category, licence, samples, items }: EvalSuite): Told {
  const kinds = [...new Set(items.map(({ kind }) => kind))].sort();
  return { title, description, category, licence, samples, items: items.length, kinds };
}

export async function addVersion(
  manager: EntityManager,
  version: number,
  { hash, origin, suite }: { hash: string; origin: Origin; suite: EvalSuite },
): Promise<void> {
  await manager.query(
    `INSERT INTO evals.suites (name, version, hash, origin, head, suite, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp())`,
    [suite.name, version, hash, origin, JSON.stringify(toldOf(suite)), JSON.stringify(suite)],
  );
}

/** For what its hash does not cover: how it is called and described. */
export async function rewriteVersion(
  manager: EntityManager,
  version: number,
  suite: EvalSuite,
): Promise<void> {
  await manager.query(`UPDATE evals.suites SET head = $3, suite = $4 WHERE name = $1 AND version = $2`, [
    suite.name,
    version,
    JSON.stringify(toldOf(suite)),
    JSON.stringify(suite),
  ]);
}

/** All of its versions, so that none comes back when a newer one is cleared away. */
export async function removeVersions(manager: EntityManager, name: string): Promise<void> {
  await manager.query(
    `UPDATE evals.suites SET removed_at = clock_timestamp() WHERE name = $1 AND removed_at IS NULL`,
    [name],
  );
}

const KEPT_WITHOUT_RUNS = 20;

/** Versions that no run has, but for the newest ones: somebody may have one of those before their eyes. */
export async function clearVersions(manager: EntityManager, name: string): Promise<void> {
  await manager.query(
    `DELETE FROM evals.suites s WHERE s.name = $1
       AND s.version <= (SELECT max(version) FROM evals.suites WHERE name = $1) - $2::int
       AND NOT EXISTS (SELECT 1 FROM evals.runs WHERE suite_name = s.name AND suite_hash = s.hash)`,
    [name, KEPT_WITHOUT_RUNS],
  );
  for (const table of ['retired', 'checks'])
    await manager.query(
      `DELETE FROM evals.${table} r WHERE r.name = $1
         AND NOT EXISTS (SELECT 1 FROM evals.suites WHERE name = r.name AND hash = r.hash)`,
      [name],
    );
}

/** Whether any version of it has a run. */
export async function hasRuns(manager: EntityManager, name: string): Promise<boolean> {
  const [row] = await manager.query<{ used: boolean }[]>(
    `SELECT EXISTS (SELECT 1 FROM evals.runs WHERE suite_name = $1) AS used`,
    [name],
  );
  return row?.used === true;
}
