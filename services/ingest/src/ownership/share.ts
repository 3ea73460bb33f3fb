/** Keys in the bucket of owners: a host's id, or a member's presence. Provider ids have no dots, so they cannot meet. */
const MEMBER = 'member.';
export const memberKey = (instance: string): string => `${MEMBER}${instance}`;

export interface Owners {
  members: number;
  /** Hosts that somebody holds. */
  held: Set<string>;
}

export function ownersOf(keys: readonly string[]): Owners {
  const held = keys.filter((key) => !key.startsWith(MEMBER));
  return { members: keys.length - held.length, held: new Set(held) };
}

export interface Share {
  /** Hosts to try to get now, in this order. */
  claim: string[];
  /** Hosts to let go of, so that others get their part. */
  release: string[];
}

/**
 * What one process does about its part of the fleet. Nobody holds more than an equal part, rounded up; what is over it is
 * let go of, and free hosts are taken up to it.
 *
 * @param mine hosts that this process holds
 * @param order the same for nobody: processes that start together do not race for the same host first
 */
export function shareOf(
  wanted: readonly string[],
  mine: ReadonlySet<string>,
  owners: Owners,
  order: (id: string) => number,
): Share {
  const part = Math.ceil(wanted.length / Math.max(1, owners.members));
  const kept = wanted.filter((id) => mine.has(id));
  const free = wanted.filter((id) => !mine.has(id) && !owners.held.has(id));
  const room = Math.max(0, part - kept.length);
  const claim = [...free].sort((a, b) => order(a) - order(b)).slice(0, room);
  // One at a time: the others need a moment to see it.
  const release = kept.length > part ? kept.sort((a, b) => order(a) - order(b)).slice(-1) : [];
  return { claim, release };
}
