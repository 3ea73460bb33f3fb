import {
  acquireHostAccess,
  LeaseError,
  LeaseLostError,
  type HostAccess,
  type HostLeases,
} from '@boocontrol/client';
import type { LeaseEntry, Problem } from '@boocontrol/contracts';
import { pause } from '../backoff.js';
import { leaseRefusal } from './lease-refusal.js';

const AGAIN_MS = 500;

export interface HostLeaseOptions {
  request: Pick<LeaseEntry, 'providerId' | 'holder' | 'purpose' | 'source'> & {
    /** How long it will take, in seconds, for people. */
    expectedS: number;
  };
  /** Also where somebody else has it. */
  confirmed: boolean;
  /** Writes down that it was acquired; where that fails it is given back. */
  note: (leaseId: string) => Promise<unknown>;
  /** Whether a worker left it behind that is gone: then it is taken over. */
  isLeftOver: (current: LeaseEntry) => Promise<boolean>;
  signal: AbortSignal;
}

/**
 * Has a host to itself for a job; waits while the bus does not answer. What a worker left behind that is gone is taken
 * over, somebody else's lease only where that was confirmed.
 * @throws the signal's reason when that fires, and what `note` throws
 */
export async function leaseFor(
  leases: HostLeases,
  { request, confirmed, note, isLeftOver, signal }: HostLeaseOptions,
): Promise<{ lease: HostAccess } | { reason: Problem }> {
  for (let takeOver = confirmed; ;) {
    signal.throwIfAborted();
    try {
      const acquired = await acquireHostAccess(leases, { ...request, takeOver });
      if (acquired.ok) {
        await note(acquired.lease.leaseId).catch(async (error: unknown) => {
          await giveBack(acquired.lease);
          throw error;
        });
        return { lease: acquired.lease };
      }
      if (!(await isLeftOver(acquired.current))) return { reason: leaseRefusal(acquired.current) };
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
