import { commonPrefix } from './tokens.js';

/** llama.cpp takes a slot by prefix only when at least this share of the prompt matches, else the one unused longest. */
const MIN_SIMILARITY = 0.1;

interface Slot {
  id: number;
  tokens: readonly number[];
  busy: boolean;
  usedAt: number;
}

export interface SlotLease {
  slotId: number;
  /** Prompt tokens found in the cache; at least one token is always evaluated. */
  cachedTokens: number;
  /** Gives the slot back; `tokens` is what its KV cache holds now. */
  release(tokens: readonly number[]): void;
}

/** The KV caches of one loaded model: a few slots, each remembering the tokens it evaluated last. */
export class KvSlots {
  readonly #slots: Slot[];
  readonly #waiting: Array<() => void> = [];
  #uses = 0;

  constructor(count: number) {
    this.#slots = Array.from({ length: count }, (_, id) => ({ id, tokens: [], busy: false, usedAt: 0 }));
  }

  /**
   * Waits for a free slot (a model server defers requests likewise). Undefined when the signal fires first. Without
   * `useCache` (llama.cpp's `cache_prompt: false`) nothing of what it holds is used.
   */
  async acquire(
    prompt: readonly number[],
    signal: AbortSignal,
    useCache = true,
  ): Promise<SlotLease | undefined> {
    while (!signal.aborted) {
      const slot = this.#choose(prompt);
      if (slot) return this.#lease(slot, prompt, useCache);
      await this.#freed(signal);
    }
    return undefined;
  }

  /** Tokens held in all slots. */
  usedTokens(): number {
    return this.#slots.reduce((sum, slot) => sum + slot.tokens.length, 0);
  }

  snapshot(): Array<{ id: number; is_processing: boolean; n_tokens: number }> {
    return this.#slots.map((slot) => ({
      id: slot.id,
      is_processing: slot.busy,
      n_tokens: slot.tokens.length,
    }));
  }

  #choose(prompt: readonly number[]): Slot | undefined {
    const free = this.#slots.filter((slot) => !slot.busy);
    const byPrefix = free
      .map((slot) => ({ slot, shared: commonPrefix(slot.tokens, prompt) }))
      .filter(({ shared }) => shared > prompt.length * MIN_SIMILARITY)
      .sort((a, b) => b.shared - a.shared)[0];
    return byPrefix?.slot ?? free.sort((a, b) => a.usedAt - b.usedAt)[0];
  }

  #lease(slot: Slot, prompt: readonly number[], useCache: boolean): SlotLease {
    const shared = useCache ? commonPrefix(slot.tokens, prompt) : 0;
    const cachedTokens = Math.max(0, Math.min(shared, prompt.length - 1));
    slot.busy = true;
    slot.tokens = prompt;
    return {
      slotId: slot.id,
      cachedTokens,
      release: (tokens) => {
        slot.busy = false;
        slot.tokens = tokens;
        slot.usedAt = this.#uses += 1;
        this.#waiting.shift()?.();
      },
    };
  }

  #freed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done);
        const index = this.#waiting.indexOf(done);
        if (index >= 0) this.#waiting.splice(index, 1);
        resolve();
      };
      this.#waiting.push(done);
      signal.addEventListener('abort', done);
    });
  }
}
