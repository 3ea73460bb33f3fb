import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** When it started, in clock ticks since boot: with the pid, a process that no later one is mistaken for. Undefined: gone. */
export function startTicks(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : Number(fields[19]);
  } catch {
    return undefined;
  }
}

/** Every process with its arguments, as far as we may see them. */
export function commandLines(): { pid: number; args: string[] }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return [{ pid: Number(name), args: readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0') }];
    } catch {
      return [];
    }
  });
}

/** Kills it when it is there and ours. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone, or not ours.
  }
}

const MARK = 'boocontrol-sandbox';
let made = 0;

/** Among the arguments of a sandbox, and of no other: whose it is. */
export function mark(label: string): string {
  made += 1;
  return [MARK, label, numbering(), process.pid, startTicks(process.pid) ?? 0, made].join(':');
}

/** The mark among these arguments when the supervisor that made it is gone. */
export function orphanMark(args: readonly string[]): string | undefined {
  const found = args.find((arg) => arg.startsWith(`${MARK}:`));
  const [, , where, pid, ticks] = found?.split(':') ?? [];
  // A container's processes are seen from outside too; but whether their supervisor lives cannot be told by its number there.
  if (where !== numbering()) return undefined;
  return startTicks(Number(pid)) === Number(ticks) ? undefined : found;
}

/** The namespace in which our process numbers hold. */
function numbering(): string {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '';
}
