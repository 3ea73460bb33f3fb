import { compare } from './compare.js';
import { withFleet } from './fleet.js';
import { withPeer } from './peer.js';

const HOSTS = 8;

/**
 * /v1 beside a bare relay, both before the same hosts: what all of it costs that is not the relaying itself; and beside
 * somebody else's gateway where it can be installed.
 */
export async function gateway(): Promise<void> {
  await withFleet(HOSTS, 'llama-swap', ({ hosts, ways }) =>
    withPeer(hosts.urls, (peer) => compare(peer === undefined ? ways : [...ways, peer])),
  );
}
