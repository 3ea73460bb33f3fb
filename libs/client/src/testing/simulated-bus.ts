import { LeaseError } from '../leases/lease-error.js';
import type { LeaseStore, StoredText } from '../leases/lease-store.js';
import type { Machine, World } from './world.js';

/** What becomes of one question to the bus. */
export interface Fate {
  /** Milliseconds to the server and back. */
  thereMs: number;
  backMs: number;
  lost: 'nothing' | 'question' | 'answer';
}

const AT_ONCE: Fate = { thereMs: 0, backMs: 0, lost: 'nothing' };

interface Entry extends StoredText {
  expiresAtMs: number;
}

/** A bucket on a server that is far away, and that can go down and be wiped. */
export class SimulatedBus {
  private entries = new Map<string, Entry>();
  private revision = 0;
  private createdUs = 1_763_800_000_000_000;
  private downUntilMs = 0;
  private turn = 0;

  constructor(
    private readonly world: World,
    private readonly ttlMs: number,
    /** Of one question after the other, and again from the first. */
    private readonly fates: readonly Fate[] = [],
  ) {}

  /** Killed and started again with its data. */
  down(forMs: number): void {
    this.downUntilMs = Math.max(this.downUntilMs, this.world.nowMs + forMs);
  }

  wipe(): void {
    this.entries = new Map();
    this.revision = 0;
    this.createdUs += 1;
  }

  /** Everything that stands there now. */
  get dump(): string {
    return JSON.stringify([...this.entries.keys()].map((key) => [key, this.read(key)]));
  }

  /** The bucket as the process of a machine sees it. */
  from(machine: Machine, timeoutMs: number): LeaseStore {
    const ask = <T>(work: () => T): Promise<T> => this.ask(machine, timeoutMs, work);
    return {
      created: () => ask(() => this.createdUs),
      read: (key) => ask(() => this.read(key)),
      write: (key, text, after) => ask(() => this.write(key, text, after)),
      remove: (key, after) => ask(() => this.write(key, null, after) !== null),
      keys: () => ask(() => [...this.entries.keys()]),
    };
  }

  private ask<T>(machine: Machine, timeoutMs: number, work: () => T): Promise<T> {
    const fate = this.fates[this.turn++ % this.fates.length] ?? AT_ONCE;
    return new Promise((resolve, reject) => {
      machine.clocks.after(timeoutMs, () => reject(new LeaseError('unavailable', 'no answer in time')));
      if (fate.lost === 'question') return;
      this.world.at(this.world.nowMs + fate.thereMs, () => {
        if (this.world.nowMs < this.downUntilMs) return;
        const answer = work();
        if (fate.lost === 'answer') return;
        this.world.at(this.world.nowMs + fate.backMs, () => machine.awake(() => resolve(answer)));
      });
    });
  }

  private read(key: string): StoredText {
    const entry = this.entries.get(key);
    if (entry === undefined || entry.expiresAtMs <= this.world.nowMs) return { text: null, revision: 0 };
    return { text: entry.text, revision: entry.revision };
  }

  private write(key: string, text: string | null, after: number): number | null {
    if (this.read(key).revision !== after) return null;
    const revision = ++this.revision;
    this.entries.set(key, { text, revision, expiresAtMs: this.world.nowMs + this.ttlMs });
    return revision;
  }
}
