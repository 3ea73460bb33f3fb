import type { PublicProvider, Room } from '@boocontrol/contracts';
import { isHost } from '../hosts/service';
import { isHidden, type Marks } from '../live/marks';

/** The gateway takes 64 rooms of one page, and one of them is the fleet. */
const MOST_HOSTS = 31;

interface Followed {
  /** Whose logs are read, in the order of their names. */
  hosts: readonly PublicProvider[];
  /** Hosts that have logs and are not among them, because they are too many. */
  others: number;
}

/**
 * The hosts whose logs the page reads: those that are followed and not hidden, and the one that is asked for in any case.
 */
export function followed(
  providers: readonly PublicProvider[],
  marks: Marks,
  wanted: string | null,
): Followed {
  const all = providers
    .filter((host) => isHost(host) && (host.id === wanted || (host.enabled && !isHidden(marks, host.id))))
    .toSorted((a, b) => a.label.localeCompare(b.label, 'en', { numeric: true }));
  const hosts =
    all.length <= MOST_HOSTS
      ? all
      : [...all.filter(({ id }) => id === wanted), ...all.filter(({ id }) => id !== wanted)].slice(
          0,
          MOST_HOSTS,
        );
  return { hosts, others: all.length - hosts.length };
}

export const roomsOf = (ids: readonly string[]): Room[] => [
  'fleet',
  ...ids.flatMap((id): Room[] => [`log:${id}:proxy`, `log:${id}:upstream`]),
];
