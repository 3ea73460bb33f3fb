import { compare } from './compare.js';
import { withFleet } from './fleet.js';

const HOSTS = 8;

/** /v1 beside a bare relay, both before the same hosts: what all of it costs that is not the relaying itself. */
export async function gateway(): Promise<void> {
  await withFleet(HOSTS, 'llama-swap', ({ ways }) => compare(ways));
}
