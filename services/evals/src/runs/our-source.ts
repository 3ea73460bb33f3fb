/** X-Boo-Source of every request that an eval sends. */
export const OUR_SOURCE = 'control-eval';
/** How leases of this service are told of. */
export const HOLDER = 'evals';
