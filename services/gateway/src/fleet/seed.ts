import { rpc, type FleetState, type Seed } from '@boocontrol/contracts';
import { emptyHost, instantFromMs, seedHost } from '@boocontrol/fleet-model';
import { pause, RpcError, type RpcClient } from '@boocontrol/platform';

const RECENT_MS = 17 * 60_000;
const RETRY_MS = 300;
const TIMEOUT_MS = 2_000;

/** Asks fleet-state what the tables know of the fleet. Thrown: RpcError after the last attempt. */
export async function askSeed(rpcClient: RpcClient, attempts: number, signal: AbortSignal): Promise<Seed> {
  for (let attempt = 1; ; attempt++) {
    const question = { recentSince: instantFromMs(Date.now() - RECENT_MS) };
    try {
      return await rpcClient.request(rpc.seed.subject, rpc.seed, question, { timeoutMs: TIMEOUT_MS });
    } catch (error) {
      const isRetryable = error instanceof RpcError && error.isRetryable;
      if (!isRetryable || attempt >= attempts || signal.aborted) throw error;
      await pause(RETRY_MS * attempt, signal);
    }
  }
}

/** Adds what the log did not have; what the log says stays. */
export function seedFleet(fleet: FleetState, seed: Seed): FleetState {
  const hosts = { ...fleet.hosts };
  for (const host of seed.hosts) {
    hosts[host.providerId] = seedHost(hosts[host.providerId] ?? emptyHost(host.providerId), host);
  }
  return { ...fleet, hosts };
}
