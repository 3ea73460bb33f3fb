/** Who is asked. History over long ranges is allowed to take its time. */
export const FLEET_STATE = { name: 'fleet-state, which keeps the history,', timeoutMs: 10_000 };
