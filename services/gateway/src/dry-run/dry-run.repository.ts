import { RoutePolicyInputSchema, type RouteFact, type RoutePolicyInput } from '@boocontrol/contracts';
import { instantSql } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';

/** What of a record a decision is made again from. */
export type Decided = Pick<RouteFact, 'id' | 'at' | 'endpoint' | 'source' | 'candidates'> & {
  version: number;
};

/** A record with all its candidates has some 20 kB. */
const PAGE = 100;

/** Requests that a policy has decided, newest first, in pages: whoever has seen enough stops. */
export async function* decidedBy(
  db: DataSource,
  policy: string,
  { from, to }: { from: string; to: string },
): AsyncGenerator<Decided[]> {
  let last: Pick<Decided, 'at' | 'id'> | null = null;
  for (;;) {
    const page: Decided[] = await db.query(
      `SELECT id, ${instantSql('at')} AS at, endpoint, source, policy_version::int AS version, candidates
       FROM gateway.dispatches
       WHERE policy = $1 AND dispatches.at >= $2::timestamptz AND dispatches.at < $3::timestamptz
         AND ($4::timestamptz IS NULL OR (dispatches.at, id) < ($4::timestamptz, $5::uuid))
       ORDER BY dispatches.at DESC, id DESC LIMIT ${PAGE}`,
      [policy, from, to, last?.at ?? null, last?.id ?? null],
    );
    if (page.length > 0) yield page;
    last = page.at(-1) ?? null;
    if (last === null || page.length < PAGE) return;
  }
}

/** Every version of a policy by its number; those that removed it are not among them. */
export async function rulesOf(db: DataSource, name: string): Promise<Map<number, RoutePolicyInput>> {
  const rows: { version: number; body: unknown }[] = await db.query(
    `SELECT version, body FROM gateway.route_policies WHERE name = $1 AND NOT is_deleted`,
    [name],
  );
  // One that cannot be read any more decides nothing again.
  return new Map(
    rows.flatMap(({ version, body }) => {
      const read = RoutePolicyInputSchema.safeParse(body);
      return read.success ? [[version, read.data] as const] : [];
    }),
  );
}
