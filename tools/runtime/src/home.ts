import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Where runtime and data of a `.boocontrol` folder really live. */
export interface Home {
  dir: string;
  /** Why it is not the folder that was asked for. */
  movedBecause: string | undefined;
}

/**
 * PostgreSQL refuses to run as root, so as root it runs under an unprivileged user who has to search every parent folder
 * (a clone below /root is closed to everyone else). Then a folder under /var/lib takes its place.
 * `isSearchable` tells whether a folder is open to others; folders that do not exist yet count as open.
 */
export function chooseHome(
  dir: string,
  uid: number,
  isSearchable: (folder: string) => boolean = searchableByOthers,
): Home {
  const wanted = resolve(dir);
  if (uid !== 0) return { dir: wanted, movedBecause: undefined };
  const closed = withParents(wanted).find((folder) => !isSearchable(folder));
  if (closed === undefined) return { dir: wanted, movedBecause: undefined };
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  return {
    dir: join('/var/lib/boocontrol', name),
    movedBecause: `${closed} is closed to the unprivileged user that PostgreSQL needs`,
  };
}

function withParents(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [path, ...withParents(parent)];
}

function searchableByOthers(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found === undefined || (found.mode & 0o001) !== 0;
}
