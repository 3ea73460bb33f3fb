/** Keys in the bucket of owners: a host's id, or a member's presence. Provider ids have no dots, so they cannot meet. */
const MEMBER = 'member.';
export const memberKey = (instance: string): string => `${MEMBER}${instance}`;
/** Filters of keys. */
export const ANY_MEMBER = `${MEMBER}>`;
export const EVERYTHING = '>';

/** Of what is over its part a process lets go of one in so many at a time. */
const RELEASE_PARTS = 8;

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
  // A part at a time, at least one: the others need a moment to take them, and a thousand must not take an hour.
  const over = Math.max(0, kept.length - part);
  const release = kept
    .sort((a, b) => order(a) - order(b))
    .slice(kept.length - Math.ceil(over / RELEASE_PARTS));
  return { claim, release };
}
