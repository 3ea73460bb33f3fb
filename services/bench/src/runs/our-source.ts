/** X-Boo-Source of every request that a measurement sends. */
export const OUR_SOURCE = 'control-bench';
/** How leases of this service are told of. */
export const HOLDER = 'bench';
