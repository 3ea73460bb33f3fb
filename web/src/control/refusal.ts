import type { Lease, Problem } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { plural } from '../format/number';
import { clock } from '../format/time';
import { lower } from './words';

/** Who stands in the way, as the details of a refusal say it; what they do not say is null. */
interface Holder {
  holder: string;
  purpose: string | null;
  until: string | null;
}

const textOf = (details: unknown, name: string): string | null => {
  const value = (details as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** null: it is not about a lease. */
export function holderOf({ code, details }: Problem): Holder | null {
  if (code !== 'host_leased' && code !== 'bench_in_progress') return null;
  const holder = textOf(details, 'holder');
  return holder === null
    ? null
    : { holder, purpose: textOf(details, 'purpose'), until: textOf(details, 'until') };
}

/** "until 12:20", "until 12:20, overdue", "no end given". @param nowMs by the server's clock */
export function untilWords(until: string | null, nowMs: number): string {
  if (until === null) return 'no end given';
  const ms = instantToMs(until);
  return `until ${clock(ms, nowMs)}${ms < nowMs ? ', overdue' : ''}`;
}

/** What a person reads of a lease, beside who has it. @param nowMs by the server's clock */
export function leaseWords(lease: Lease, nowMs: number): string {
  const { since, expectedUntil, foreignRequests } = lease;
  return [
    `since ${clock(instantToMs(since), nowMs)}`,
    expectedUntil === null ? 'no end given' : `expected ${untilWords(expectedUntil, nowMs)}`,
    ...(foreignRequests > 0 ? [`${plural(foreignRequests, 'request')} of others meanwhile`] : []),
  ].join(' · ');
}

/** What the button says that does it in spite of a refusal. */
export function insistWords(problem: Problem, verb: string): string {
  if (problem.code === 'model_protected') return `${verb} anyway`;
  return `Take over and ${lower(verb)}`;
}
