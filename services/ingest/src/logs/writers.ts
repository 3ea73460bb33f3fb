import type { WireModel } from '@boocontrol/llama-swap';

/** What a model has printed may come so long after it is said to have stopped. */
const LAST_WORDS_MS = 1_000;

const RUNS: ReadonlySet<string> = new Set(['starting', 'ready', 'stopping']);
const runs = ({ state, peerId }: WireModel): boolean => RUNS.has(state) && peerId === null;

/** Which models of a host may write lines now, as far as it tells. */
export class Writers {
  private listed: readonly WireModel[] = [];
  /** Until when a model that runs no longer may still be heard, ms. */
  private readonly leaving = new Map<string, number>();

  list(models: readonly WireModel[], nowMs: number): void {
    for (const model of this.listed) if (runs(model)) this.leaving.set(model.id, nowMs + LAST_WORDS_MS);
    this.listed = models;
  }

  /** Those that run, in the order of the host's list. */
  get running(): string[] {
    return this.listed.filter(runs).map(({ id }) => id);
  }

  /** Those that run, then those that did until just now. */
  now(nowMs: number): Set<string> {
    for (const [id, untilMs] of this.leaving) if (untilMs <= nowMs) this.leaving.delete(id);
    return new Set([...this.running, ...this.leaving.keys()]);
  }
}
