import type { ActionRequest } from '@boocontrol/contracts';
import type { FaultPatch, SimHostInput } from '@boocontrol/sim';
import type { Random } from './random.js';

/** What one submitter asks for, one after the other. */
export interface Ask {
  request: ActionRequest;
  /** Taken back as soon as it was accepted. */
  isTakenBack: boolean;
}

export interface PlannedHost {
  input: SimHostInput;
  /** Models that are ready before anything is asked for, to be unloaded. */
  loaded: readonly string[];
  faults: FaultPatch;
}

export interface Plan {
  hosts: readonly PlannedHost[];
  submitters: readonly (readonly Ask[])[];
}

/** What goes wrong on a host, once or twice. */
const MISHAPS: readonly FaultPatch[] = [
  { commands: { how: 'reset', count: 1 } },
  { commands: { how: 'error', count: 1 } },
  { commands: { how: 'reset', kinds: ['unload'], count: 2 } },
];

/** How often each is asked for, of a hundred. `never`: the unload of a model that is not loaded, which makes no sense. */
const SHARES = { warm: 45, unload: 25, profile: 12, never: 8, broken: 6, 'unload-all': 4 } as const;
type Kind = keyof typeof SHARES;
const TAKEN_BACK = 0.1;

/**
 * Hosts of all generations and what is asked of them. But for unload-all no target is asked for twice on a host, so that
 * a ledger entry names the one action that it belongs to.
 */
export function planOf(random: Random, size: { hosts: number; submitters: number; each: number }): Plan {
  const ids = Array.from({ length: size.hosts }, (_, n) => `host-${n}`);
  const asked = new Map(ids.map((id): [string, string[]] => [id, []]));
  const generations = new Map(ids.map((id, n) => [id, (['C', 'B', 'C', 'A'] as const)[n % 4] ?? 'C']));
  const drawn = Object.entries(SHARES).flatMap(([kind, share]) => Array<Kind>(share).fill(kind as Kind));

  const ask = (): Ask => {
    const providerId = random.pick(ids);
    const kind = random.pick(drawn);
    const targets = asked.get(providerId) ?? [];
    const target = `${kind}-${targets.length}`;
    const isTakenBack = random.next() < TAKEN_BACK;
    if (kind === 'unload-all') return { request: { kind, providerId }, isTakenBack };
    targets.push(target);
    if (kind === 'profile' && generations.get(providerId) === 'C')
      return { request: { kind, providerId, profile: target }, isTakenBack };
    const isUnload = kind === 'unload' || kind === 'never';
    return { request: { kind: isUnload ? 'unload' : 'warm', providerId, model: target }, isTakenBack };
  };
  const submitters = Array.from({ length: size.submitters }, () => Array.from({ length: size.each }, ask));

  const hosts = ids.map((id): PlannedHost => {
    const targets = asked.get(id) ?? [];
    const named = (kind: Kind): string[] => targets.filter((target) => target.startsWith(`${kind}-`));
    const input: SimHostInput = {
      id,
      generation: generations.get(id) ?? 'C',
      models: ['idle', ...targets].map((target) => ({ id: target, loadMs: 30 + random.below(150) })),
      concurrentModels: [targets],
      profileList: named('profile').map((profile) => ({ id: profile })),
      stopMs: 30,
      performance: { exists: false },
    };
    const broken = named('broken');
    const failing = broken.length === 0 ? {} : { loadFailure: { models: broken } };
    return { input, loaded: named('unload'), faults: { ...failing, ...random.pick(MISHAPS) } };
  });
  return { hosts, submitters };
}
