import { readFileSync } from 'node:fs';

/** Who the sandbox runs as on the host; nothing: ourselves. */
export interface SandboxUser {
  uid?: number;
  gid?: number;
}

/** Between what Debian, systemd and containers hand out. */
const FREE_IDS = [65_533, 65_532, 65_531, 65_530, 65_529, 65_528, 65_527, 65_526];

/**
 * Limits on processes do not bind root, so as root the sandbox runs as a user that nobody else is, in particular not the one
 * of the embedded servers.
 */
export function sandboxUser(): SandboxUser {
  if (process.getuid?.() !== 0) return {};
  const id = freeId(readFileSync('/etc/passwd', 'utf8'), readFileSync('/etc/group', 'utf8'));
  return { uid: id, gid: id };
}

/** The first number that no account and no group has. @throws {Error} when there is none */
export function freeId(passwd: string, group: string): number {
  const taken = new Set(
    [passwd, group].flatMap((file) => file.split('\n').map((line) => line.split(':')[2])),
  );
  const free = FREE_IDS.find((id) => !taken.has(String(id)));
  if (free === undefined)
    throw new Error(`the user ids ${FREE_IDS.join(', ')} are all taken on this machine`);
  return free;
}
