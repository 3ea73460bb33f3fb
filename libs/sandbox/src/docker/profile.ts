import { REFUSED } from '../seccomp/syscalls.js';

const REFUSE = { action: 'SCMP_ACT_ERRNO', errnoRet: 1 } as const;
const NAMESPACES = [0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000];
/** Every family but AF_UNIX, AF_INET and AF_INET6: rules for one call hold side by side, so "none but these" cannot be said. */
const FAMILIES = Array.from({ length: 64 }, (_, family) => family).filter(
  (family) => ![1, 2, 10].includes(family),
);

/** The same filter as bubblewrap gets, as Docker has it: by names, for the container's processor alone. */
export function dockerProfile(): string {
  const flags = NAMESPACES.map((flag) => ({
    names: ['clone'],
    ...REFUSE,
    args: [{ index: 0, value: flag, valueTwo: flag, op: 'SCMP_CMP_MASKED_EQ' }],
  }));
  return JSON.stringify({
    defaultAction: 'SCMP_ACT_ALLOW',
    syscalls: [
      { names: Object.keys(REFUSED), ...REFUSE },
      { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 },
      ...flags,
      ...FAMILIES.map((value) => ({
        names: ['socket'],
        action: 'SCMP_ACT_ERRNO',
        errnoRet: 97,
        args: [{ index: 0, value, op: 'SCMP_CMP_EQ' }],
      })),
    ],
  });
}
