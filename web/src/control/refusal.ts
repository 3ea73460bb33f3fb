import type {
  ActionPreview,
  ActionRequest,
  Lease,
  Model,
  Problem,
  PublicProvider,
} from '@boocontrol/contracts';
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
export function leaseWords(lease: Lease, nowMs: number, between = ' · '): string {
  const { since, expectedUntil, foreignRequests } = lease;
  return [
    `since ${clock(instantToMs(since), nowMs)}`,
    expectedUntil === null ? 'no end given' : `expected ${untilWords(expectedUntil, nowMs)}`,
    ...(foreignRequests > 0 ? [`${plural(foreignRequests, 'request')} of others meanwhile`] : []),
  ].join(between);
}

/** What the button says that does it in spite of a refusal. */
export function insistWords(problem: Problem, verb: string): string {
  if (problem.code === 'model_protected') return `${verb} anyway`;
  return `Take over and ${lower(verb)}`;
}

/** The sentence of a dry run without what stands against it, which is told by itself; '' when nothing else is in it. */
export function effectWords({ sentence, refusal }: Pick<ActionPreview, 'sentence' | 'refusal'>): string {
  const against = refusal?.message ?? '';
  return against !== '' && sentence.endsWith(against) ? sentence.slice(0, -against.length).trim() : sentence;
}

const IN_MEMORY = new Set<Model['state']>(['ready', 'starting', 'stopping']);

/** Protected models that would be stopped, by what is known of the host here. */
export function protectedVictims(
  request: ActionRequest,
  { protectedModels = [] }: Pick<PublicProvider, 'protectedModels'>,
  models: readonly Pick<Model, 'id' | 'state'>[],
): string[] {
  if (request.kind !== 'unload' && request.kind !== 'unload-all') return [];
  return models
    .filter(({ id, state }) => protectedModels.includes(id) && IN_MEMORY.has(state))
    .map(({ id }) => id)
    .filter((id) => request.kind === 'unload-all' || request.model === id);
}

/** What the button says that does it in spite of a refusal. */
export const insistVerb = ({ code }: Pick<Problem, 'code'>): string =>
  code === 'host_leased' || code === 'bench_in_progress' ? 'Take over and measure' : 'Measure anyway';
