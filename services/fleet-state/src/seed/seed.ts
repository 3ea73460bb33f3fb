import type { Seed } from '@boocontrol/contracts';
import { fitPage, MAX_REPLY_BYTES } from '@boocontrol/platform';
import type { HistoryDb } from '../db/history-db.js';
import { seedPage } from './seed-page.js';
import { isLive, seedGaps, seedHosts, seedModels, seedPerf, seedRecent, type Of } from './seed.repository.js';

/** Requests of 16 minutes are thousands on a busy fleet, and a page is one message: then the newest of them. */
const MAX_RECENT = 5_000;
const MAX_HOSTS = 50;
/** More than fit into HOSTS_BYTES. */
const MAX_MODELS = 6_000;
/** Of a page's hosts without their requests; those get what is left of the message. */
const HOSTS_BYTES = 400 * 1024;

type SeedHost = Seed['hosts'][number];

/** Where a page begins: behind a host, or behind one of its models. Empty: the first page. */
export interface SeedStart {
  after?: string | undefined;
  afterModel?: string | undefined;
}

/**
 * A page of what the tables know of each host that is not removed, by id; a page fits into one message of the bus. The
 * models of a host that alone are more than a page go on in the next one.
 * @throws {RpcError} `unavailable` when the database does not answer
 */
export async function seed(
  db: HistoryDb,
  recentSince: string,
  { after = '', afterModel }: SeedStart = {},
): Promise<Seed> {
  const begun =
    afterModel !== undefined && (await isLive(db, after)) ? { host: after, model: afterModel } : null;
  const following = await seedHosts(db, after, MAX_HOSTS);
  const fresh = await withoutModels(db, following);
  const hosts = begun === null ? fresh : [emptyHost(begun.host), ...fresh];
  const ids = hosts.map(({ providerId }) => providerId);
  const rows = await seedModels(db, ids, recentSince, begun, MAX_MODELS);
  const unfinished = rows.length < MAX_MODELS ? null : (rows.at(-1)?.providerId ?? null);
  const page = seedPage(hosts, byHost(rows), unfinished, HOSTS_BYTES);
  const shown = page.hosts.map(({ providerId }) => providerId);
  const restBytes = MAX_REPLY_BYTES - Buffer.byteLength(JSON.stringify(page.hosts));
  // The requests of a host came with its first models.
  const newest = await seedRecent(
    db,
    shown.filter((id) => id !== begun?.host),
    recentSince,
    MAX_RECENT,
  );
  const recent = byHost(fitPage(newest, restBytes).toReversed());
  const isLast = page.cutAfter === null && following.length < MAX_HOSTS && shown.length === ids.length;
  return {
    hosts: page.hosts.map((host) => ({ ...host, recent: recent.get(host.providerId) ?? [] })),
    nextAfter: isLast ? null : (shown.at(-1) ?? null),
    nextAfterModel: page.cutAfter,
  };
}

const emptyHost = (providerId: string): SeedHost => ({
  providerId,
  models: [],
  lastEndByModel: {},
  recent: [],
  perf: null,
  gap: null,
});

async function withoutModels(db: HistoryDb, ids: string[]): Promise<SeedHost[]> {
  const perf = byHost(await seedPerf(db, ids));
  const gaps = byHost(await seedGaps(db, ids));
  return ids.map((id) => {
    const [gap] = gaps.get(id) ?? [];
    return {
      ...emptyHost(id),
      perf: perf.get(id)?.[0] ?? null,
      gap: gap === undefined ? null : withoutHost(gap),
    };
  });
}

const withoutHost = <T extends object>({ providerId: _, ...rest }: Of<T>): Omit<Of<T>, 'providerId'> => rest;

function byHost<T extends Of<object>>(rows: readonly T[]): Map<string, T[]> {
  const hosts = new Map<string, T[]>();
  for (const row of rows) {
    const known = hosts.get(row.providerId);
    if (known === undefined) hosts.set(row.providerId, [row]);
    else known.push(row);
  }
  return hosts;
}
