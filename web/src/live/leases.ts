import type { ControlLeases } from '@boocontrol/contracts';

/** Takes a frame, which is whole; a copy of a lease that is older than the known one stays behind. */
export function takeLeases(before: ControlLeases | null, frame: ControlLeases): ControlLeases {
  const known = new Map(before?.leases.map((lease) => [lease.id, lease]));
  return {
    ...frame,
    leases: frame.leases.map((lease) => {
      const had = known.get(lease.id);
      return had && had.version >= lease.version ? had : lease;
    }),
  };
}
