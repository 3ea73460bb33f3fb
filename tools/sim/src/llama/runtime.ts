import type { SimTime } from '../core/sim-time.js';
import type { SimModel } from '../options.js';
import { KvSlots } from './kv-slots.js';
import { LoadMeter } from './load-meter.js';
import { WriteLedger } from './writes.js';

/** A loaded model: what a llama.cpp server process holds while it runs. */
export class ModelRuntime {
  slots: KvSlots;
  readonly load: LoadMeter;
  readonly writes = new WriteLedger();
  #tasks = 0;

  constructor(
    readonly spec: SimModel,
    readonly time: SimTime,
    readonly seed: number,
    readonly log: (text: string) => void,
    /** How many times as long as usual a token takes now. */
    readonly tokenFactor: () => number = () => 1,
  ) {
    this.slots = new KvSlots(spec.parallel);
    this.load = new LoadMeter(() => time.simMs());
  }

  /** A stopped process forgets its KV caches. */
  forget(): void {
    this.slots = new KvSlots(this.spec.parallel);
  }

  nextTask(): number {
    this.#tasks += 1;
    return this.#tasks;
  }
}
