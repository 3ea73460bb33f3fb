import { AUDIT_ARCH, LAST_KNOWN, numberOf, REFUSED, SPECIAL } from './syscalls.js';
import type { FilterArch } from './syscalls.js';

/** One instruction of classic BPF, as in struct sock_filter (linux/filter.h). */
export interface Instruction {
  readonly code: number;
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

/** Codes of linux/bpf_common.h; the value to compare with is in `k`. */
export const LOAD = 0x20;
export const JUMP_IF_EQUAL = 0x15;
export const JUMP_IF_GREATER = 0x25;
export const JUMP_IF_ANY_BIT = 0x45;
export const RETURN = 0x06;

/** Offsets in struct seccomp_data; the low half of an argument comes first on both processors. */
export const NUMBER_AT = 0;
export const ARCH_AT = 4;
const ARGUMENTS_AT = 16;

/** What the filter answers (linux/seccomp.h); a refusal carries the errno. */
export const ALLOW = 0x7fff0000;
export const KILL_PROCESS = 0x80000000;
const refuse = (errno: number): number => 0x00050000 + errno;
const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

/** CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET (linux/sched.h). */
const NEW_NAMESPACE =
  0x80 | 0x20000 | 0x2000000 | 0x4000000 | 0x8000000 | 0x10000000 | 0x20000000 | 0x40000000;

/** AF_UNIX, AF_INET and AF_INET6: others, such as AF_VSOCK, are not kept in by the network namespace, or need no use here. */
const FAMILIES = [1, 2, 10];

/** TIOCSTI and TIOCLINUX, which type into a terminal. */
const TERMINAL_TRICKS = [0x5412, 0x541c];

/**
 * The filter for what runs in a sandbox. Everything is allowed except what is listed in syscalls.ts, what opens a namespace,
 * sockets of odd families, calls newer than the list, and calls made as for another processor (32 bit, x32).
 */
export function filterProgram(arch: FilterArch): Instruction[] {
  return [
    load(ARCH_AT),
    jump(JUMP_IF_EQUAL, AUDIT_ARCH[arch], 1, 0),
    answer(KILL_PROCESS),
    load(NUMBER_AT),
    // Also x32, whose numbers have bit 30 set. clone3 takes its flags through memory, where a filter cannot look: with this
    // answer C libraries turn to clone.
    ...when(JUMP_IF_GREATER, LAST_KNOWN, refuse(ENOSYS)),
    ...whenEqual([numberOf(SPECIAL.clone3, arch)], refuse(ENOSYS)),
    ...whenEqual(
      Object.values(REFUSED).map((numbers) => numberOf(numbers, arch)),
      refuse(EPERM),
    ),
    ...inCall(numberOf(SPECIAL.clone, arch), [
      load(ARGUMENTS_AT),
      ...when(JUMP_IF_ANY_BIT, NEW_NAMESPACE, refuse(EPERM)),
      answer(ALLOW),
    ]),
    ...inCall(numberOf(SPECIAL.socket, arch), [
      load(ARGUMENTS_AT),
      ...whenEqual(FAMILIES, ALLOW),
      answer(refuse(EAFNOSUPPORT)),
    ]),
    ...inCall(numberOf(SPECIAL.ioctl, arch), [
      load(ARGUMENTS_AT + 8),
      ...whenEqual(TERMINAL_TRICKS, refuse(EPERM)),
      answer(ALLOW),
    ]),
    answer(ALLOW),
  ];
}

/** As the kernel reads it: an array of struct sock_filter, little endian on both processors. */
export function encode(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(({ code, jt, jf, k }, index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(jt, index * 8 + 2);
    bytes.writeUInt8(jf, index * 8 + 3);
    bytes.writeUInt32LE(k, index * 8 + 4);
  });
  return bytes;
}

const load = (k: number): Instruction => ({ code: LOAD, jt: 0, jf: 0, k });
const answer = (k: number): Instruction => ({ code: RETURN, jt: 0, jf: 0, k });
const jump = (code: number, k: number, jt: number, jf: number): Instruction => ({ code, jt, jf, k });

const when = (code: number, k: number, then: number): Instruction[] => [jump(code, k, 0, 1), answer(then)];

const whenEqual = (numbers: readonly (number | undefined)[], then: number): Instruction[] =>
  numbers.flatMap((number) => (number === undefined ? [] : when(JUMP_IF_EQUAL, number, then)));

/** `body` for this call alone; it must end with an answer, because it loads something else. */
const inCall = (number: number | undefined, body: readonly Instruction[]): Instruction[] =>
  number === undefined ? [] : [jump(JUMP_IF_EQUAL, number, 0, body.length), ...body];
