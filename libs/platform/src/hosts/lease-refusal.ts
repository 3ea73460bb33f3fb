import { describeLease, type CurrentLease } from '@boocontrol/client';
import type { Instant } from '@boocontrol/contracts';

/** Why somebody's lease stands in the way; the codes are among those of `calls.acquireLease` and `calls.submitAction`. */
export interface LeaseRefusal {
  code: 'host_leased' | 'bench_in_progress';
  message: string;
  details: {
    holder: string;
    purpose: string;
    since: Instant;
    /** When its holder expects to be done; null: not said. */
    until: Instant | null;
  };
}

/** What whoever wants something of a host is told while somebody else has it. */
export function leaseRefusal(current: CurrentLease): LeaseRefusal {
  const { holder, purpose, acquiredAt, expectedUntil } = current;
  return {
    code: /^bench/i.test(purpose) ? 'bench_in_progress' : 'host_leased',
    message: `${describeLease(current)} Ask again when they are done, or take over: they are told.`,
    details: { holder, purpose, since: acquiredAt, until: expectedUntil },
  };
}
