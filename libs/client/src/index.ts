export { compareFencingTokens, createdMicros, fencingTokenOf } from './leases/fencing-token.js';
export { acquireHostAccess, describeLease, type HostAccess } from './leases/host-access.js';
export { HostLeases } from './leases/host-leases.js';
export { KvLease } from './leases/kv-lease.js';
export { LeaseError, LeaseLostError } from './leases/lease-error.js';
export type { CurrentLease } from './leases/lease-protocol.js';
export { isLostRace } from './leases/lost-race.js';
export {
  PrefixObserver,
  prefixInputsHeader,
  type PrefixFingerprint,
  type PrefixInputs,
  type PrefixLog,
} from './prompts/prefix-observer.js';
export { GatewayError, gatewayErrorOf, readGatewayError } from './routes/gateway-error.js';
export { isPolicyName, nameOfPolicy, readName, type Asked, type Listing } from './routes/names.js';
export type { Registry, RegistryEntry, RegistryModel, RegistryProvider } from './routes/registry.js';
export { contextLengthOf, resolveRoute, type Route, type RouteError } from './routes/resolve-route.js';
export { withSource } from './routes/source.js';
