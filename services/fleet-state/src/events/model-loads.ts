import type { ModelLoads } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';

/** One state change of a model, as the table has it. */
export interface ModelStep {
  model: string;
  state: string;
  ts: string;
  /** null: first sight. */
  from: string | null;
  /** `live`, or `after_gap` where it happened unseen. */
  observed: string;
}

type Load = ModelLoads['loads'][number];

/**
 * A host that makes room first stops what has to go and then starts the load, some milliseconds later. What stopped
 * within this time before a load, and for no earlier one, was ready just before it.
 */
const MAKING_ROOM_MS = 2_000;

const ENDED: ReadonlySet<string> = new Set(['stopped', 'shutdown', 'absent']);

/**
 * The loads of one model that were followed live from their start to their end, newest first. Changes of one instant come
 * from one list of the host, so they are taken together.
 * @param steps of all models of the host, in the order of the log
 * @param standing models that were ready all the time, without any step
 */
export function loadsOf(model: string, steps: readonly ModelStep[], standing: Iterable<string>): Load[] {
  const fold = new LoadFold(model, [...standing, ...readyAtFirst(steps)]);
  for (const together of byInstant(steps)) fold.apply(together);
  return fold.loads.toReversed();
}

class LoadFold {
  readonly loads: Load[] = [];
  readonly #ready: Set<string>;
  /** Models that were stopped and not told to any load yet, and when they were gone; null: still stopping. */
  readonly #leaving = new Map<string, string | null>();
  #open: { startedAt: string; readyBefore: Set<string>; stopped: Set<string> } | null = null;

  constructor(
    private readonly model: string,
    readyAtFirst: readonly string[],
  ) {
    this.#ready = new Set(readyAtFirst);
  }

  apply(together: readonly ModelStep[]): void {
    const isBegun = together.some(({ model, state }) => model === this.model && state === 'starting');
    const before = isBegun ? [...this.#ready] : [];
    for (const step of together) this.#move(step);
    this.#noteStopped(together);
    for (const step of together) {
      if (step.model === this.model) this.#end(step);
      if (step.state === 'starting') this.#begin(step, before);
    }
  }

  #move({ model, state, ts, observed }: ModelStep): void {
    if (state === 'ready') {
      this.#ready.add(model);
      this.#leaving.delete(model);
    } else if (this.#ready.delete(model) && observed === 'live') this.#leaving.set(model, null);
    if (ENDED.has(state) && this.#leaving.has(model)) this.#leaving.set(model, ts);
  }

  #noteStopped(together: readonly ModelStep[]): void {
    for (const { model } of together) if (!this.#ready.has(model)) this.#open?.stopped.add(model);
  }

  #begin({ model, ts, from, observed }: ModelStep, before: readonly string[]): void {
    const gone = this.#takeGone(ts);
    if (model !== this.model || observed !== 'live' || from === null) return;
    const readyBefore = new Set([...before, ...gone]);
    readyBefore.delete(model);
    const stopped = [...readyBefore].filter((name) => !this.#ready.has(name));
    this.#open = { startedAt: ts, readyBefore, stopped: new Set(stopped) };
  }

  /** Each stop belongs to one load; else, of loads in quick succession, each would have stopped the first one's victim. */
  #takeGone(startedAt: string): string[] {
    const sinceMs = instantToMs(startedAt) - MAKING_ROOM_MS;
    const gone = [...this.#leaving].filter(([, at]) => at === null || instantToMs(at) >= sinceMs);
    this.#leaving.clear();
    return gone.map(([name]) => name);
  }

  #end({ state, ts, observed }: ModelStep): void {
    if (this.#open === null) return;
    const { startedAt, readyBefore, stopped } = this.#open;
    this.#open = null;
    if (observed !== 'live') return;
    const names = [...readyBefore].toSorted();
    this.loads.push({
      startedAt,
      readyAt: state === 'ready' ? ts : null,
      readyBefore: names,
      stopped: names.filter((name) => stopped.has(name)),
    });
  }
}

/** What was ready before the first step: its model's first step says where it came from. */
function readyAtFirst(steps: readonly ModelStep[]): string[] {
  const first = new Map<string, string | null>();
  for (const { model, from } of steps) if (!first.has(model)) first.set(model, from);
  return [...first].filter(([, from]) => from === 'ready').map(([model]) => model);
}

function byInstant(steps: readonly ModelStep[]): ModelStep[][] {
  const groups: ModelStep[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last?.[0]?.ts === step.ts) last.push(step);
    else groups.push([step]);
  }
  return groups;
}
