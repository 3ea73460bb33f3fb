/** Models on hosts of which it is known who used them, and uses of each. */
const MAX_MODELS = 2_000;
const MAX_USES = 64;

/** A request, from its beginning to its end; epoch milliseconds. */
interface Use {
  /** Whoever has a line of its own; null: nobody that is followed. */
  who: string | null;
  fromMs: number;
  toMs: number;
}

/** Who had which model last, and how fast it reads prompts. */
export class ModelUses {
  private readonly models = new Map<string, { uses: Use[]; msPerToken: number | null }>();

  used(providerId: string, model: string, use: Use): void {
    const { uses } = this.of(providerId, model);
    uses.push(use);
    if (uses.length > MAX_USES) uses.shift();
  }

  /** Others than `who` that were served after `sinceMs` and before `untilMs`, and whether one was served at that moment. */
  between(
    providerId: string,
    model: string,
    who: string,
    sinceMs: number,
    untilMs: number,
  ): { others: number; isBusy: boolean } {
    const uses = this.models.get(keyOf(providerId, model))?.uses ?? [];
    const others = new Set<string | number>();
    let isBusy = false;
    for (const [at, use] of uses.entries()) {
      if (use.fromMs >= untilMs || use.toMs <= sinceMs) continue;
      if (use.toMs > untilMs) isBusy = true;
      if (use.who !== who) others.add(use.who ?? at);
    }
    return { others: others.size, isBusy };
  }

  read(providerId: string, model: string, msPerToken: number): void {
    this.of(providerId, model).msPerToken = msPerToken;
  }

  /** Milliseconds for each token of a prompt that is not cached; null: it was not seen to read one. */
  msPerToken(providerId: string, model: string): number | null {
    return this.models.get(keyOf(providerId, model))?.msPerToken ?? null;
  }

  private of(providerId: string, model: string): { uses: Use[]; msPerToken: number | null } {
    const key = keyOf(providerId, model);
    const known = this.models.get(key) ?? { uses: [], msPerToken: null };
    this.models.delete(key);
    this.models.set(key, known);
    const [oldest] = this.models.keys();
    if (this.models.size > MAX_MODELS && oldest !== undefined) this.models.delete(oldest);
    return known;
  }
}

/** Ids of providers have no slash. */
const keyOf = (providerId: string, model: string): string => `${providerId}/${model}`;
