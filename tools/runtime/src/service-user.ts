import { chown, readFile } from 'node:fs/promises';
import { RuntimeError } from './errors.js';

/** The user a server runs as; both undefined means: the one we are. */
export interface ServiceUser {
  uid?: number;
  gid?: number;
}

/** An account of this name is preferred where an administrator made one; `nobody` is on every Debian. */
const ACCOUNTS = ['boocontrol', 'nobody'];

/**
 * As root: the unprivileged account for the servers. It has to be in /etc/passwd, because initdb asks for its name.
 * As anyone else: ourselves.
 */
export async function serviceUser(): Promise<ServiceUser> {
  if (process.getuid?.() !== 0) return {};
  const user = pickAccount(await readFile('/etc/passwd', 'utf8'));
  if (user !== undefined) return user;
  throw new RuntimeError(
    'permission',
    'PostgreSQL refuses to run as root, and there is no unprivileged account for it here.',
    'Start BooControl as an ordinary user, or create one: useradd --system boocontrol.',
  );
}

/** The first known account in a passwd file that is not root's. */
export function pickAccount(passwd: string): Required<ServiceUser> | undefined {
  const lines = passwd.split('\n').map((line) => line.split(':'));
  for (const name of ACCOUNTS) {
    const line = lines.find(([account]) => account === name);
    const uid = Number(line?.[2]);
    const gid = Number(line?.[3]);
    if (line !== undefined && Number.isInteger(uid) && Number.isInteger(gid) && uid > 0) return { uid, gid };
  }
  return undefined;
}

/** Gives a path to the service user; does nothing when that is ourselves. */
export async function giveTo(user: ServiceUser, path: string): Promise<void> {
  if (user.uid !== undefined && user.gid !== undefined) await chown(path, user.uid, user.gid);
}
