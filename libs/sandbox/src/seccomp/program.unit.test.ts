import { describe, expect, it } from 'vitest';
import { interpret } from '../testing/bpf.js';
import { ALLOW, encode, filterProgram, KILL_PROCESS, RETURN } from './program.js';
import { AUDIT_ARCH, numberOf, REFUSED } from './syscalls.js';
import type { FilterArch } from './syscalls.js';

const REFUSE = 0x00050000;
const [EPERM, ENOSYS, EAFNOSUPPORT] = [REFUSE + 1, REFUSE + 38, REFUSE + 97];

/** read, write, close, mmap, mprotect, munmap, brk, futex, openat, execve, exit_group, wait4, kill, getrandom, prlimit64, rseq. */
const EVERYDAY: Record<FilterArch, readonly number[]> = {
  x64: [0, 1, 3, 9, 10, 11, 12, 202, 257, 59, 231, 61, 62, 318, 302, 334],
  arm64: [63, 64, 57, 222, 226, 215, 214, 98, 56, 221, 94, 260, 129, 278, 261, 293],
};
const CLONE: Record<FilterArch, number> = { x64: 56, arm64: 220 };
const SOCKET: Record<FilterArch, number> = { x64: 41, arm64: 198 };
const IOCTL: Record<FilterArch, number> = { x64: 16, arm64: 29 };

describe.each(['x64', 'arm64'] as const)('the filter for %s', (arch) => {
  const program = encode(filterProgram(arch));
  const ask = (number: number, ...args: number[]): number =>
    interpret(program, { arch: AUDIT_ARCH[arch], number, args });

  it('is short enough for the kernel, and every jump stays inside', () => {
    const instructions = filterProgram(arch);
    expect(instructions.length).toBeLessThan(4096);
    const beyond = instructions.filter(
      ({ code, jt, jf }, index) => code !== RETURN && index + 1 + Math.max(jt, jf) >= instructions.length,
    );
    expect(beyond).toEqual([]);
  });

  it('allows what every program needs', () => {
    expect(EVERYDAY[arch].map((number) => ask(number))).toEqual(EVERYDAY[arch].map(() => ALLOW));
  });

  it('refuses every call of the list, whatever its arguments', () => {
    const allowed = Object.entries(REFUSED).filter(([, numbers]) => {
      const number = numberOf(numbers, arch);
      return number !== undefined && (ask(number) !== EPERM || ask(number, 2, 2, 2) !== EPERM);
    });
    expect(allowed).toEqual([]);
  });

  it('answers as if calls that are newer than the list were not there', () => {
    expect([ask(463), ask(4_000), ask(0xffffffff)]).toEqual([ENOSYS, ENOSYS, ENOSYS]);
  });

  it('allows threads and processes, and no namespace', () => {
    // What pthread_create and fork ask for (glibc, sysdeps/unix/sysv/linux).
    expect([ask(CLONE[arch], 0x3d0f00), ask(CLONE[arch], 0x01200011)]).toEqual([ALLOW, ALLOW]);
    const namespaces = [0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000];
    expect(namespaces.map((flag) => ask(CLONE[arch], flag | 17))).toEqual(namespaces.map(() => EPERM));
    expect(ask(435)).toBe(ENOSYS);
  });

  it('allows sockets that the network namespace keeps in, and no others', () => {
    expect([1, 2, 10].map((family) => ask(SOCKET[arch], family))).toEqual([ALLOW, ALLOW, ALLOW]);
    expect([0, 16, 17, 38, 40].map((family) => ask(SOCKET[arch], family))).toEqual(
      [0, 16, 17, 38, 40].map(() => EAFNOSUPPORT),
    );
  });

  it('refuses to type into a terminal', () => {
    expect([ask(IOCTL[arch], 0, 0x5412), ask(IOCTL[arch], 0, 0x541c), ask(IOCTL[arch], 0, 0x5401)]).toEqual([
      EPERM,
      EPERM,
      ALLOW,
    ]);
  });

  it('ends a program that calls as for another processor', () => {
    const I386 = 0x40000003;
    expect(interpret(program, { arch: I386, number: 1 })).toBe(KILL_PROCESS);
  });
});

it('refuses the x32 calls of x86-64', () => {
  const program = encode(filterProgram('x64'));
  const X32_GETPID = 0x40000000 + 39;
  expect(interpret(program, { arch: AUDIT_ARCH.x64, number: X32_GETPID })).toBe(ENOSYS);
});
