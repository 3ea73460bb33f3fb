import type { Seed } from '@boocontrol/contracts';
import { fitPage, MAX_REPLY_BYTES } from '../db/fit-page.js';
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

/** Requests of 16 minutes are thousands on a busy fleet, and a page is one message: then the newest of them. */
const MAX_RECENT = 5_000;
const MAX_HOSTS = 50;
/** Of a page's hosts without their requests; those get the rest. One host alone may have more, up to its models' limits. */
const HOSTS_BYTES = 400 * 1024;
const MODELS_BYTES = 340 * 1024;
const LAST_ENDS_BYTES = 300 * 1024;

type SeedHost = Seed['hosts'][number];

/**
 * A page of what the tables know of each host that is not removed, by id; a page fits into one message of the bus.
 * @param after the last host of the page before, empty for the first
 * @throws {RpcError} `unavailable` when the database does not answer
 */
export async function seed(db: HistoryDb, recentSince: string, after = ''): Promise<Seed> {
  const ids = await seedHosts(db, after, MAX_HOSTS);
  const page = fitPage(await withoutRequests(db, ids, recentSince), HOSTS_BYTES);
  const shown = page.map(({ providerId }) => providerId);
  const restBytes = MAX_REPLY_BYTES - Buffer.byteLength(JSON.stringify(page));
  const newest = await seedRecent(db, shown, recentSince, MAX_RECENT);
  const recent = byHost(fitPage(newest, restBytes).toReversed());
  const isLast = ids.length < MAX_HOSTS && page.length === ids.length;
  return {
    hosts: page.map((host) => ({ ...host, recent: recent.get(host.providerId) ?? [] })),
    nextAfter: isLast ? null : (shown.at(-1) ?? null),
  };
}

async function withoutRequests(db: HistoryDb, ids: string[], recentSince: string): Promise<SeedHost[]> {
  const models = byHost(await seedModels(db, ids));
  const lastEnds = byHost(await seedLastEnds(db, ids, recentSince));
  const perf = byHost(await seedPerf(db, ids));
  const gaps = byHost(await seedGaps(db, ids));
  return ids.map((providerId) => {
    const [gap] = gaps.get(providerId) ?? [];
    const ends = fitPage(lastEnds.get(providerId) ?? [], LAST_ENDS_BYTES);
    return {
      providerId,
      models: fitPage(
        (models.get(providerId) ?? []).map(({ model, state, ts }) => ({ model, state, ts })),
        MODELS_BYTES,
      ),
      lastEndByModel: Object.fromEntries(ends.map(({ model, endedAt }) => [model, endedAt])),
      recent: [],
      perf: perf.get(providerId)?.[0] ?? null,
      gap: gap === undefined ? null : { fromTs: gap.fromTs, toTs: gap.toTs, reason: gap.reason },
    };
  });
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
