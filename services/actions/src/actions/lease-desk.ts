import { LeaseError, type HostLeases } from '@boocontrol/client';
import { RpcError } from '@boocontrol/platform';
import { leaseRefusal } from '../leases/lease-refusal.js';
import type { LeaseInTheWay } from './decide.js';

/** Injection token of LeaseDesk. */
export const LEASE_DESK = Symbol('LEASE_DESK');

/** What actions need to know of leases. */
export interface LeaseDesk {
  /** @throws {RpcError} `unavailable` when the bus does not answer */
  inTheWay(providerId: string): Promise<LeaseInTheWay | null>;
  /** Ends the lease of whoever has the host; the holder is told by whom. */
  end(providerId: string, by: string): Promise<void>;
}

/** On the bucket of leases itself: the table may lag. */
export function leaseDeskOn(leases: HostLeases): LeaseDesk {
  return {
    inTheWay: (providerId) =>
      answering(async () => {
        const current = await leases.read(providerId);
        if (current === null) return null;
        return { fencingToken: current.fencingToken, objection: leaseRefusal(current) };
      }),
    end: (providerId, by) =>
      answering(async () => {
        await leases.end(providerId, by);
      }),
  };
}

async function answering<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof LeaseError)) throw cause;
    throw new RpcError('unavailable', `${cause.message}. Try again in a moment.`, undefined, { cause });
  }
}
