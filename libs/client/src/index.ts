export { compareFencingTokens, createdMicros, fencingTokenOf } from './leases/fencing-token.js';
export { acquireHostAccess, describeLease, type HostAccess } from './leases/host-access.js';
export { HostLeases } from './leases/host-leases.js';
export { KvLease } from './leases/kv-lease.js';
export { LeaseError, LeaseLostError } from './leases/lease-error.js';
export type { CurrentLease } from './leases/lease-protocol.js';
export { isLostRace } from './leases/lost-race.js';
