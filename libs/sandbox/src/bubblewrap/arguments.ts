import type { SandboxJob, SandboxLimits } from '../types.js';

const MB = 2 ** 20;

/** File descriptors that bwrap or the launcher gets, after the three standard ones. */
export const READY_FD = 3;
export const STATUS_FD = 4;
export const FILTER_FD = 5;
export const FIRST_FILE_FD = 6;

/** Everything that a sandbox can write to, as it sees it; each is a file system of its own in memory, with a size. */
export const WRITABLE = ['/work', '/tmp', '/dev/shm'] as const;

/** Node reserves far more than it uses: with 512 MB it does not start. What is really used is counted by the supervisor. */
const ADDRESS_SPACE_KB = 2 * 2 ** 20;
const OPEN_FILES = 256;

export const BASE_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/bin',
  HOME: '/work',
  TMPDIR: '/tmp',
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  PYTHONDONTWRITEBYTECODE: '1',
};

/** Arguments of bwrap for a job. Its files go in through the descriptors from FIRST_FILE_FD on, in their order. */
export function bwrapArguments(
  rootfs: string,
  job: SandboxJob,
  limits: SandboxLimits,
  mark: string,
): string[] {
  return [
    ...['--unshare-user', '--uid', '1000', '--gid', '1000', '--disable-userns'],
    ...['--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
    ...['--hostname', 'sandbox', '--new-session', '--die-with-parent'],
    ...['--ro-bind', rootfs, '/', '--proc', '/proc', '--dev', '/dev'],
    // The devices lie in a file system that the sandbox's user owns; its size has no limit, so it must not be written to.
    ...['--size', String(4 * MB), '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    // The first process watches over the others with no more rights than they have: who could write its memory could make it
    // outlive its supervisor.
    ...['--size', '4096', '--tmpfs', '/proc/1', '--remount-ro', '/proc/1'],
    ...['--size', String(limits.workMb * MB), '--tmpfs', '/work'],
    ...['--size', String(Math.max(1, Math.ceil(limits.workMb / 4)) * MB), '--tmpfs', '/tmp'],
    ...Object.keys(job.files).flatMap((path, index) => [
      ...['--perms', '0644', '--file', String(FIRST_FILE_FD + index), `/work/${path}`],
    ]),
    ...['--chdir', '/work', '--clearenv'],
    ...Object.entries({ ...BASE_ENVIRONMENT, ...job.env, SANDBOX_RUN: mark }).flatMap(([name, value]) => [
      '--setenv',
      name,
      value,
    ]),
    ...['--seccomp', String(FILTER_FD), '--json-status-fd', String(STATUS_FD)],
    ...['--', '/usr/bin/sh', '-c', launcher(limits), 'sandbox', ...job.command],
  ];
}

/**
 * Sets limits from inside: the number of processes is then counted in the sandbox's own user namespace, and not together with
 * what else runs as that user. Should the machine run out of memory, the kernel is to take the sandbox first.
 */
function launcher(limits: SandboxLimits): string {
  return [
    'set -e',
    'ulimit -c 0',
    `ulimit -n ${OPEN_FILES}`,
    `ulimit -v ${ADDRESS_SPACE_KB}`,
    `ulimit -f ${limits.fileMb * 2048}`,
    // The supervisor counts the CPU time of all; this holds should it be late.
    `ulimit -t ${limits.cpuSeconds + 2}`,
    `ulimit -p ${limits.processes}`,
    'echo 1000 > /proc/self/oom_score_adj || true',
    `echo ready >&${READY_FD}`,
    `exec ${READY_FD}>&-`,
    'exec "$@"',
  ].join('\n');
}
