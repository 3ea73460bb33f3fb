import {
  acquireHostAccess,
  LeaseError,
  LeaseLostError,
  type HostAccess,
  type HostLeases,
} from '@boocontrol/client';
import type { Problem } from '@boocontrol/contracts';
import { leaseRefusal, pause } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import { isLeftOver, noteLease } from './held-runs.repository.js';
import { HOLDER, OUR_SOURCE } from './our-source.js';
import type { RunRow } from './run-row.js';
import { titleOf } from './tell.js';

const AGAIN_MS = 500;

interface Parts {
  db: DataSource;
  leases: HostLeases;
}

/**
 * Has the host to itself for a run; waits while the bus does not answer. What a worker left behind that is gone is taken
 * over, somebody else's lease only where that was confirmed.
 * @param expectedS how long it will take, for people
 * @throws the signal's reason when that fires
 */
export async function leaseFor(
  { db, leases }: Parts,
  { run, confirmed }: RunRow,
  worker: string,
  { expectedS, signal }: { expectedS: number; signal: AbortSignal },
): Promise<{ lease: HostAccess } | { reason: Problem }> {
  const { id, providerId } = run;
  const request = {
    providerId,
    holder: HOLDER,
    purpose: `bench: ${titleOf(run)}`.slice(0, 160).trim(),
    source: OUR_SOURCE,
    expectedS,
  };
  for (let takeOver = confirmed; ;) {
    signal.throwIfAborted();
    try {
      const acquired = await acquireHostAccess(leases, { ...request, takeOver });
      if (acquired.ok) {
        await noteLease(db, id, worker, acquired.lease.leaseId).catch(async (error: unknown) => {
          await giveBack(acquired.lease);
          throw error;
        });
        return { lease: acquired.lease };
      }
      if (!(await isLeftOver(db, acquired.current.leaseId, id)))
        return { reason: leaseRefusal(acquired.current) };
      takeOver = true;
    } catch (error) {
      if (!(error instanceof LeaseError) || !error.isRetryable) throw error;
      await pause(AGAIN_MS, signal);
    }
  }
}

/**
 * A take-over is heard of with the next heartbeat, some seconds later; this asks now. A bus that does not answer says nothing.
 * @throws {LeaseLostError} when somebody else has the host, or nobody
 */
export async function checkLease(leases: HostLeases, { leaseId, fencingToken }: HostAccess): Promise<void> {
  const beat = await leases.heartbeat({ leaseId, fencingToken }).catch((error: unknown) => {
    if (error instanceof LeaseError) return { ok: true } as const;
    throw error;
  });
  if (!beat.ok) throw new LeaseLostError(beat.reason, 'The lease is not held any more', beat.by);
}

/** Without an answer of the bus it expires by itself. */
export async function giveBack(lease: HostAccess): Promise<void> {
  try {
    await lease.release();
  } catch (error) {
    if (!(error instanceof LeaseError)) throw error;
  }
}
