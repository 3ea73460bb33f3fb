import { openSync, readdirSync, readFileSync } from 'node:fs';

/** O_CLOEXEC, as /proc/<pid>/fdinfo has it, in octal. */
const CLOSE_ON_EXEC = 0o2000000;

/**
 * Descriptors that this process was itself started with and that every child would get: bwrap hands them on to what it runs.
 * Node opens its own so that children do not get them.
 */
export function inheritedDescriptors(): number[] {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((fd) => fd > 2 && passesOn(fd));
}

function passesOn(fd: number): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
  } catch {
    // The listing itself.
    return false;
  }
}

type Stdio = ('pipe' | 'ignore' | number)[];

let nothing: number | undefined;

/** `count` pipes, and /dev/null in the place of every descriptor above them that would be handed on. */
export function onlyPipes(count: number, inherited: readonly number[]): Stdio {
  const stdio: Stdio = Array.from(
    { length: Math.max(count, ...inherited.map((fd) => fd + 1)) },
    () => 'ignore',
  );
  stdio.fill('pipe', 0, count);
  for (const fd of inherited) if (fd >= count) stdio[fd] = nothing ??= openSync('/dev/null', 'r');
  return stdio;
}
