import { answering, leaseRefusal } from '@boocontrol/platform';
import type { HostLeases } from '@boocontrol/client';
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
    async inTheWay(providerId) {
      const current = await answering('leases', leases.read(providerId));
      if (current === null) return null;
      return { fencingToken: current.fencingToken, objection: leaseRefusal(current) };
    },
    async end(providerId, by) {
      await answering('leases', leases.end(providerId, by));
    },
  };
}
