import { calls, type FleetState, type Seed } from '@boocontrol/contracts';
import { activityKey, emptyHost, instantFromMs, seedHost } from '@boocontrol/fleet-model';
import type { z } from 'zod';
import { pause } from '../backoff.js';
import type { RpcClient } from '../rpc/client.js';
import { RpcError } from '../rpc/rpc-error.js';

const RECENT_MS = 17 * 60_000;
const RETRY_MS = 300;
const TIMEOUT_MS = 2_000;

type SeedHost = Seed['hosts'][number];
type Question = z.input<typeof calls.seed.request>;

/**
 * Asks fleet-state what the tables know of the fleet, page by page. A host whose models came in several pages is one
 * again.
 * @throws {RpcError} when a page does not come after the last attempt
 */
export async function askSeed(rpcClient: RpcClient, attempts: number, signal: AbortSignal): Promise<Seed> {
  const recentSince = instantFromMs(Date.now() - RECENT_MS);
  const parts = new Map<string, SeedHost[]>();
  let question: Question | null = { recentSince };
  while (question !== null) {
    const page: Seed = await askPage(rpcClient, question, attempts, signal);
    for (const part of page.hosts) parts.set(part.providerId, [...(parts.get(part.providerId) ?? []), part]);
    question = nextQuestion(recentSince, page);
  }
  return { hosts: [...parts.values()].map(joinParts) };
}

function nextQuestion(recentSince: string, { nextAfter, nextAfterModel }: Seed): Question | null {
  if (typeof nextAfter !== 'string') return null;
  return {
    recentSince,
    after: nextAfter,
    ...(typeof nextAfterModel === 'string' ? { afterModel: nextAfterModel } : {}),
  };
}

/** Each part has models of its own; what is there once for a host came with one of them. */
const joinParts = (parts: SeedHost[]): SeedHost =>
  parts.reduce((host, part) => ({
    ...host,
    models: host.models.concat(part.models),
    lastEndByModel: { ...host.lastEndByModel, ...part.lastEndByModel },
    recent: host.recent.concat(part.recent),
    perf: host.perf ?? part.perf,
    gap: host.gap ?? part.gap,
  }));

async function askPage(
  rpcClient: RpcClient,
  question: Question,
  attempts: number,
  signal: AbortSignal,
): Promise<Seed> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rpcClient.ask(calls.seed, question, { timeoutMs: TIMEOUT_MS });
    } catch (error) {
      const isRetryable = error instanceof RpcError && error.isRetryable;
      if (!isRetryable || attempt >= attempts || signal.aborted) throw error;
      await pause(RETRY_MS * attempt, signal);
    }
  }
}

export interface Seeded {
  fleet: FleetState;
  /** Keys of the requests that came from the tables: the log may state them again, and they count once. */
  counted: ReadonlySet<string>;
}

/** Adds what the log did not have; what the log says stays. */
export function seedFleet(fleet: FleetState, seed: Seed): Seeded {
  const hosts = { ...fleet.hosts };
  const counted = new Set<string>();
  for (const host of seed.hosts) {
    const before = hosts[host.providerId] ?? emptyHost(host.providerId);
    hosts[host.providerId] = seedHost(before, host);
    // Where the log has requests of its own, seedHost takes none from the tables.
    if (before.seqs.requests === -1) for (const request of host.recent) counted.add(activityKey(request));
  }
  return { fleet: { ...fleet, hosts }, counted };
}
