import { readdirSync, readFileSync, statfsSync } from 'node:fs';

/** What a sandbox holds at one moment. */
export interface Look {
  /** Resident memory of its processes in sum, and what lies in its folders. */
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
 * @param exactAbove bytes from which on pages that processes share are counted once: exact, and slower
 */
export function lookAt(firstPid: number, folders: readonly string[], exactAbove: number): Look | undefined {
  const root = `/proc/${firstPid}/root`;
  try {
    const inFolders = folders.reduce((sum, folder) => sum + heldBy(`${root}${folder}`), 0);
    // Inside, the first process is hidden.
    const others = readdirSync(`${root}/proc`).filter((name) => /^\d+$/.test(name) && name !== '1');
    const processes = [`/proc/${firstPid}`, ...others.map((name) => `${root}/proc/${name}`)];
    const sum = (measure: (folder: string) => number): number =>
      processes.reduce((total, folder) => total + orZero(() => measure(folder)), 0);
    const look = { memoryBytes: inFolders + sum(resident), cpuMs: sum(cpuMs), processes: processes.length };
    return look.memoryBytes > exactAbove ? { ...look, memoryBytes: inFolders + sum(proportional) } : look;
  } catch {
    return undefined;
  }
}

function heldBy(mount: string): number {
  const { bsize, blocks, bfree, files, ffree } = statfsSync(mount);
  return bsize * (blocks - bfree) + INODE_BYTES * (files - ffree);
}

/** Its pages, in bytes; a page that two processes share counts for both. */
function resident(folder: string): number {
  return Number(readFileSync(`${folder}/statm`, 'latin1').split(' ')[1]) * PAGE_BYTES;
}

/** Its pages, in bytes; a page that two processes share counts half for each. */
function proportional(folder: string): number {
  const kb = /^Pss:\s+(\d+) kB$/m.exec(orEmpty(`${folder}/smaps_rollup`))?.[1];
  return kb === undefined ? resident(folder) : Number(kb) * 1024;
}

function cpuMs(folder: string): number {
  const stat = readFileSync(`${folder}/stat`, 'latin1');
  // utime, stime, cutime and cstime are fields 14 to 17; the name before them may hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) * MS_PER_TICK;
}

/** What a process held that ended between the listing and the look. */
function orZero(measure: () => number): number {
  try {
    return measure();
  } catch {
    return 0;
  }
}

function pageBytes(): number {
  const match = /^KernelPageSize:\s+(\d+) kB$/m.exec(orEmpty('/proc/self/smaps'));
  return match === null ? 4096 : Number(match[1]) * 1024;
}

function orEmpty(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
