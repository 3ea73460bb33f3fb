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
