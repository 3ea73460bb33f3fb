import {
  RoutePolicyInputSchema,
  RoutePolicySchema,
  type RoutePolicy,
  type RoutePolicyInput,
  type RoutePolicyVersions,
} from '@boocontrol/contracts';
import { instantSql } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import { BUILT_IN, isBuiltIn } from './built-in.js';

interface Row {
  name: string;
  version: number;
  body: unknown;
  is_deleted: boolean;
  created_at: string;
}

/** The newest version of a policy; `policy` null: it was deleted. */
export interface Newest {
  name: string;
  version: number;
  policy: RoutePolicy | null;
}

const COLUMNS = `name, version, body, is_deleted, ${instantSql('created_at')} AS created_at`;

/** The newest version of each, deleted ones as well. @throws {ZodError} when a row is none of ours */
export async function newestPolicies(db: DataSource): Promise<Newest[]> {
  const rows: Row[] = await db.query(
    `SELECT DISTINCT ON (name) ${COLUMNS} FROM gateway.route_policies ORDER BY name, version DESC`,
  );
  return rows.map(newestOf);
}

function newestOf({ name, version, body, is_deleted, created_at }: Row): Newest {
  if (is_deleted) return { name, version, policy: null };
  const input = RoutePolicyInputSchema.parse(body);
  const policy = { ...input, name, version, isBuiltIn: isBuiltIn(name), updatedAt: created_at };
  return { name, version, policy: RoutePolicySchema.parse(policy) };
}

/** So many of one policy are told. */
const VERSIONS = 100;

/** Of one policy, newest first. @throws {ZodError} when a row is none of ours */
export async function versionsOf(db: DataSource, name: string): Promise<RoutePolicyVersions['versions']> {
  const rows: Row[] = await db.query(
    `SELECT ${COLUMNS} FROM gateway.route_policies WHERE name = $1 ORDER BY version DESC LIMIT $2`,
    [name, VERSIONS],
  );
  return rows.map(({ version, created_at, is_deleted, body }) => ({
    version,
    at: created_at,
    policy: is_deleted ? null : RoutePolicyInputSchema.parse(body),
  }));
}

/** What is there already stays as it is. */
export async function plantBuiltIn(db: DataSource): Promise<void> {
  for (const [name, { version, updatedAt, isBuiltIn: _always, name: _same, ...body }] of BUILT_IN)
    await db.query(
      `INSERT INTO gateway.route_policies (name, version, body, created_at)
       SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT 1 FROM gateway.route_policies WHERE name = $1)
       ON CONFLICT DO NOTHING`,
      [name, version, JSON.stringify(body), updatedAt],
    );
}

/**
 * Adds a version. Of two that follow the same one the key lets one in.
 * @param after the version that it replaces; 0: there never was one
 * @param body null: it is deleted
 * @returns false: somebody else was there first
 */
export async function addVersion(
  db: DataSource,
  name: string,
  after: number,
  body: RoutePolicyInput | null,
): Promise<boolean> {
  const rows: unknown[] = await db.query(
    `INSERT INTO gateway.route_policies (name, version, body, is_deleted)
     SELECT $1, $2::integer + 1, $3, $4
     WHERE coalesce((SELECT max(version) FROM gateway.route_policies WHERE name = $1), 0) = $2::integer
     ON CONFLICT DO NOTHING RETURNING version`,
    [name, after, JSON.stringify(body ?? {}), body === null],
  );
  return rows.length > 0;
}
