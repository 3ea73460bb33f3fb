import type { ModelProcess } from './model-process.js';

export type Grant =
  | { kind: 'granted'; release: () => void }
  | { kind: 'limit' }
  | { kind: 'unloaded' }
  | { kind: 'failed' }
  | { kind: 'aborted' };

interface Waiter {
  model: string;
  controller: AbortController;
  resolve: (grant: Grant) => void;
}

/**
 * llama-swap's FIFO: a ready model serves at once; a swap waits until the models it evicts are idle;
 * requests for the same model share one load.
 */
export class Scheduler {
  #waiting: Waiter[] = [];
  /** Swap targets and what each one evicts. */
  readonly #swaps = new Map<string, ModelProcess[]>();

  constructor(
    private readonly models: ReadonlyMap<string, ModelProcess>,
    private readonly together: readonly (readonly string[])[],
  ) {}

  /** Waits until the model may serve. `controller` ends the waiting and, later, the serving. */
  acquire(model: string, controller: AbortController): Promise<Grant> {
    return new Promise((resolve) => {
      const waiter: Waiter = { model, controller, resolve };
      controller.signal.addEventListener('abort', () => this.#settle(waiter, { kind: 'aborted' }), {
        once: true,
      });
      this.#waiting.push(waiter);
      this.#pump();
    });
  }

  /** Stops these models; whoever waits for them is told so. Resolves when they are stopped. */
  async unload(targets: readonly ModelProcess[]): Promise<void> {
    const ids = new Set(targets.map((process) => process.spec.id));
    for (const waiter of [...this.#waiting])
      if (ids.has(waiter.model)) this.#settle(waiter, { kind: 'unloaded' });
    await Promise.all(targets.map((process) => process.stop()));
    this.#pump();
  }

  #settle(waiter: Waiter, grant: Grant): void {
    const index = this.#waiting.indexOf(waiter);
    if (index < 0) return;
    this.#waiting.splice(index, 1);
    waiter.resolve(grant);
  }

  #pump(): void {
    for (const waiter of [...this.#waiting]) {
      const process = this.models.get(waiter.model);
      if (process && this.#waiting.includes(waiter)) this.#consider(waiter, process);
    }
  }

  #consider(waiter: Waiter, process: ModelProcess): void {
    if (this.#swaps.has(waiter.model)) return;
    const evict = this.#evictionFor(waiter.model);
    if (this.#collides(waiter.model, evict)) return;
    if (process.state === 'ready' && evict.length === 0) return this.#grant(waiter, process);
    if (process.state === 'stopping') {
      void process.stop().then(() => this.#pump());
      return;
    }
    if (evict.some((other) => other.servingCount > 0)) return;
    void this.#swap(process, evict);
  }

  #grant(waiter: Waiter, process: ModelProcess): void {
    if (process.servingCount >= process.spec.concurrencyLimit) return this.#settle(waiter, { kind: 'limit' });
    const end = process.begin(waiter.controller);
    this.#settle(waiter, {
      kind: 'granted',
      release: () => {
        end();
        this.#pump();
      },
    });
  }

  async #swap(process: ModelProcess, evict: ModelProcess[]): Promise<void> {
    this.#swaps.set(process.spec.id, evict);
    await Promise.all(evict.map((other) => other.stop()));
    const outcome = await process.load();
    this.#swaps.delete(process.spec.id);
    if (outcome !== 'ready') {
      const kind = outcome === 'failed' ? 'failed' : 'unloaded';
      for (const waiter of [...this.#waiting]) {
        if (waiter.model === process.spec.id) this.#settle(waiter, { kind });
      }
    }
    this.#pump();
  }

  /** What must go for `target` to load: everything running outside the best set that `target` belongs to. */
  #evictionFor(target: string): ModelProcess[] {
    const running = [...this.models.values()].filter(
      (process) =>
        process.spec.id !== target && (process.state !== 'stopped' || this.#swaps.has(process.spec.id)),
    );
    const sets = this.together.filter((set) => set.includes(target));
    const staying = sets
      .map((set) => running.filter((process) => set.includes(process.spec.id)))
      .sort((a, b) => b.length - a.length)[0];
    return running.filter((process) => !staying?.includes(process));
  }

  #collides(target: string, evict: ModelProcess[]): boolean {
    for (const [id, evicting] of this.#swaps) {
      if (evict.some((process) => process.spec.id === id)) return true;
      if (evicting.some((process) => process.spec.id === target || evict.includes(process))) return true;
    }
    return false;
  }
}
