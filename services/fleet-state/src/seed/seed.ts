import type { Seed } from '@boocontrol/contracts';
import { fitPage } from '../db/fit-page.js';
import type { HistoryDb } from '../db/history-db.js';
import {
  seedGaps,
  seedHosts,
  seedLastEnds,
  seedModels,
  seedPerf,
  seedRecent,
  type Of,
} from './seed.repository.js';

/** Requests of 16 minutes are thousands on a busy fleet, and the answer is one message: then the newest of them. */
const MAX_RECENT = 5_000;
const MAX_RECENT_BYTES = 500 * 1024;

/** What the tables know of each host that is not removed. Thrown: RpcError `unavailable`. */
export async function seed(db: HistoryDb, recentSince: string): Promise<Seed> {
  const hosts = await seedHosts(db);
  const models = byHost(await seedModels(db, hosts));
  const lastEnds = byHost(await seedLastEnds(db, hosts, recentSince));
  const newest = await seedRecent(db, hosts, recentSince, MAX_RECENT);
  const recent = byHost(fitPage(newest, MAX_RECENT_BYTES).toReversed());
  const perf = byHost(await seedPerf(db, hosts));
  const gaps = byHost(await seedGaps(db, hosts));
  return {
    hosts: hosts.map((providerId) => {
      const [gap] = gaps.get(providerId) ?? [];
      return {
        providerId,
        models: (models.get(providerId) ?? []).map(({ model, state, ts }) => ({ model, state, ts })),
        lastEndByModel: Object.fromEntries(
          (lastEnds.get(providerId) ?? []).map(({ model, endedAt }) => [model, endedAt]),
        ),
        recent: recent.get(providerId) ?? [],
        perf: perf.get(providerId)?.[0] ?? null,
        gap: gap === undefined ? null : { fromTs: gap.fromTs, toTs: gap.toTs, reason: gap.reason },
      };
    }),
  };
}

function byHost<T extends Of<object>>(rows: readonly T[]): Map<string, T[]> {
  const hosts = new Map<string, T[]>();
  for (const row of rows) {
    const known = hosts.get(row.providerId);
    if (known === undefined) hosts.set(row.providerId, [row]);
    else known.push(row);
  }
  return hosts;
}
