import type { Seed } from '@boocontrol/contracts';
import { fitPage } from '@boocontrol/platform';
import type { ModelRow } from './seed.repository.js';

type SeedHost = Seed['hosts'][number];

export interface SeedPage {
  hosts: SeedHost[];
  /** The last model told of the last host, when that host has more; null: it is whole. */
  cutAfter: string | null;
}

/**
 * Hosts with their models, from the front, as many as fit. A host that does not fit begins the next page, and is cut
 * only where it is the first of its page; so a page is never empty.
 * @param rows of each host, in the order of the hosts
 * @param unfinished the host of which there may be more rows than these; null: these are all
 */
export function seedPage(
  hosts: readonly SeedHost[],
  rows: ReadonlyMap<string, ModelRow[]>,
  unfinished: string | null,
  maxBytes: number,
): SeedPage {
  const page: SeedHost[] = [];
  let bytes = 0;
  for (const host of hosts) {
    const parts = (rows.get(host.providerId) ?? []).map(partOf);
    const hostBytes = bytesOf(host);
    const allBytes = parts.reduce((sum, part) => sum + bytesOf(part), hostBytes);
    if (host.providerId !== unfinished && (bytes + allBytes <= maxBytes || parts.length === 0)) {
      page.push(withModels(host, parts));
      bytes += allBytes;
    } else if (page.length > 0) {
      break;
    } else {
      const fitting = fitPage(parts, maxBytes - hostBytes);
      return { hosts: [withModels(host, fitting)], cutAfter: fitting.at(-1)?.name ?? null };
    }
  }
  return { hosts: page, cutAfter: null };
}

/** What a page holds of one model. */
interface Part {
  name: string;
  models: SeedHost['models'];
  ends: [model: string, endedAt: string][];
}

const partOf = ({ model, state, ts, endedAt }: ModelRow): Part => ({
  name: model,
  models: state === null || ts === null ? [] : [{ model, state, ts }],
  ends: endedAt === null ? [] : [[model, endedAt]],
});

const withModels = (host: SeedHost, parts: readonly Part[]): SeedHost => ({
  ...host,
  models: parts.flatMap(({ models }) => models),
  lastEndByModel: Object.fromEntries(parts.flatMap(({ ends }) => ends)),
});

const bytesOf = (value: object): number => Buffer.byteLength(JSON.stringify(value));
