import { readdirSync, readFileSync, statfsSync } from 'node:fs';

/** What a sandbox holds at one moment. */
export interface Look {
  /** Resident memory of its processes in sum, and what lies in its folders. Pages that processes share count for each. */
  memoryBytes: number;
  /** CPU time of its processes so far, ended ones included, in ms. */
  cpuMs: number;
  processes: number;
}

/** What an empty file costs the kernel, about: without it, millions of them would be free. */
const INODE_BYTES = 1024;

/** USER_HZ, the unit of /proc/<pid>/stat, is 100 on every Linux. */
const MS_PER_TICK = 10;

/** /proc/<pid>/statm counts in pages, which are 4 kB on x86-64 and up to 64 kB on arm64. */
const PAGE_BYTES = pageBytes();

/**
 * Looks from outside, through the root of the sandbox's first process: its /proc shows the processes of its namespace and no
 * others. Undefined when that process is gone.
 * @param folders where it can write, absolute as it sees them
 */
export function lookAt(firstPid: number, folders: readonly string[]): Look | undefined {
  const root = `/proc/${firstPid}/root`;
  const look: Look = { memoryBytes: 0, cpuMs: 0, processes: 0 };
  try {
    for (const folder of folders) {
      const { bsize, blocks, bfree, files, ffree } = statfsSync(`${root}${folder}`);
      look.memoryBytes += bsize * (blocks - bfree) + INODE_BYTES * (files - ffree);
    }
    for (const name of readdirSync(`${root}/proc`)) {
      if (/^\d+$/.test(name)) addProcess(look, `${root}/proc/${name}`);
    }
  } catch {
    return undefined;
  }
  return look;
}

function addProcess(look: Look, folder: string): void {
  try {
    const resident = Number(readFileSync(`${folder}/statm`, 'latin1').split(' ')[1]);
    const stat = readFileSync(`${folder}/stat`, 'latin1');
    // utime, stime, cutime and cstime are fields 14 to 17; the name before them may hold spaces and brackets.
    const ticks = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 15)
      .reduce((sum, field) => sum + Number(field), 0);
    look.memoryBytes += resident * PAGE_BYTES;
    look.cpuMs += ticks * MS_PER_TICK;
    look.processes += 1;
  } catch {
    // It ended between the listing and the look.
  }
}

function pageBytes(): number {
  const match = /^KernelPageSize:\s+(\d+) kB$/m.exec(readSmaps());
  return match === null ? 4096 : Number(match[1]) * 1024;
}

function readSmaps(): string {
  try {
    return readFileSync('/proc/self/smaps', 'latin1');
  } catch {
    return '';
  }
}
