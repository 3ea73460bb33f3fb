import type { Action, ActionFact } from '@boocontrol/contracts';
import type { LedgerCommand } from '@boocontrol/sim';

/** What was seen of actions, from all sides. */
export interface Evidence {
  /** Ids that submitters were given. */
  accepted: readonly string[];
  /** As the service lists them in the end. */
  actions: readonly Action[];
  /** From the log, in its order; some may be there twice. */
  facts: readonly ActionFact[];
  /** By host: what it was told. */
  ledgers: ReadonlyMap<string, readonly LedgerCommand[]>;
}

const ENDS: ReadonlySet<string> = new Set(['succeeded', 'failed', 'skipped', 'cancelled', 'outcome_unknown']);
const COMMAND = {
  warm: 'load',
  unload: 'unload',
  'unload-all': 'unload-all',
  profile: 'profile',
  cancel: 'cancel',
} as const;

/** Everything that is not as it must be, in words; nothing when all is well. */
export function flaws({ accepted, actions, facts, ledgers }: Evidence): string[] {
  const known = new Map(actions.map((action) => [action.id, action]));
  return [
    ...accepted.filter((id) => !known.has(id)).map((id) => `${id} was accepted and is not there`),
    ...actions.flatMap((action) => flawsOfEnd(action, factsOf(facts, action.id))),
    ...[...ledgers].flatMap(([host, ledger]) =>
      flawsOfHost(
        host,
        actions.filter(({ providerId }) => providerId === host),
        ledger,
      ),
    ),
  ];
}

/** Each version once, by version. */
function factsOf(facts: readonly ActionFact[], id: string): ActionFact[] {
  const own = facts.filter(({ action }) => action.id === id);
  const byVersion = new Map(own.map((fact) => [fact.action.version, fact]));
  return [...byVersion.values()].sort((a, b) => a.action.version - b.action.version);
}

function flawsOfEnd(action: Action, facts: readonly ActionFact[]): string[] {
  const name = `${action.kind} ${targetOf(action) ?? ''} on ${action.providerId} (${action.id})`;
  const ends = facts.filter(({ event }) => ENDS.has(event));
  const last = facts.at(-1);
  const versions = facts.map(({ action: { version } }) => version);
  const flaws: string[] = [];
  if (!ENDS.has(action.state)) flaws.push(`${name} is still ${action.state}`);
  if (ends.length !== 1)
    flaws.push(`${name} ended ${ends.length} times: ${ends.map(({ event }) => event).join(' ')}`);
  if (last?.event !== action.state) flaws.push(`${name} is ${action.state}, its last fact ${last?.event}`);
  if (versions.some((version, index) => version !== index + 1))
    flaws.push(`${name} told versions ${versions.join(' ')}`);
  return flaws;
}

/** The order of turns, one at a time, and each started action at most once in the ledger, in that order. */
function flawsOfHost(host: string, actions: readonly Action[], ledger: readonly LedgerCommand[]): string[] {
  const started = actions
    .filter(({ startedAt, turn }) => startedAt !== null && turn !== null)
    .sort((a, b) => (a.turn ?? 0) - (b.turn ?? 0));
  const flaws = started.flatMap((action, index) => {
    const before = started[index - 1];
    if (before === undefined || (before.endedAt ?? '') <= (action.startedAt ?? '')) return [];
    return [`${host}: ${action.id} began at ${action.startedAt}, before ${before.id} had ended`];
  });
  const asked = new Set<string>();
  let next = 0;
  for (const { n, kind, target, done } of ledger) {
    // Which profile is in the body, and the host may have failed, or the process been killed, before that was read.
    const isUnread = kind === 'profile' && target === null && !done;
    const found = started.findIndex(
      (action, index) =>
        index >= next && COMMAND[action.kind] === kind && (isUnread || targetOf(action) === target),
    );
    if (found === -1) {
      flaws.push(`${host}: command ${n}, ${kind} ${target ?? ''}, is that of no action whose turn it was`);
      continue;
    }
    if (!isUnread) asked.add(started[found]?.id ?? '');
    next = found + 1;
  }
  for (const { id, state } of actions)
    if (state === 'succeeded' && !asked.has(id)) flaws.push(`${host}: ${id} succeeded unasked`);
  return flaws;
}

const targetOf = ({ model, profile, inflightId }: Action): string | null => model ?? profile ?? inflightId;
