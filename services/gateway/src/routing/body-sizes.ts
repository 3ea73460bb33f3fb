import type { RouteFact } from '@boocontrol/contracts';

/** Shorter prompts are mostly the frame around them: roles, braces, the template of the model. */
const MIN_TOKENS = 200;
/** Bytes a token that text can have; more is a picture in the body, less was not read from the body alone. */
const [LOWEST, HIGHEST] = [1, 16];
/** A median of fewer says little. */
const MIN_KNOWN = 5;
const KEPT = 64;
const MAX_MODELS = 2_000;

interface Sizes {
  /** Bytes a token, newest last. */
  recent: number[];
  /** null: to be worked out again. */
  median: number | null;
}

/** What of a record tells how long a model's tokens are. */
export interface Sized {
  model: string;
  requestBytes: number;
  promptTokens: number | null;
}

/** How many bytes of a request's body a token of each model takes, from the last requests that it answered. */
export class BodySizes {
  /** The model that was asked last is the last. */
  private readonly models = new Map<string, Sizes>();

  learn({ model, requestBytes, promptTokens }: Sized): void {
    if (promptTokens === null || promptTokens < MIN_TOKENS) return;
    const bytes = requestBytes / promptTokens;
    if (bytes < LOWEST || bytes > HIGHEST) return;
    const sizes = this.models.get(model) ?? { recent: [], median: null };
    sizes.recent.push(bytes);
    if (sizes.recent.length > KEPT) sizes.recent.shift();
    sizes.median = null;
    this.models.delete(model);
    this.models.set(model, sizes);
    if (this.models.size <= MAX_MODELS) return;
    const [oldest] = this.models.keys();
    if (oldest !== undefined) this.models.delete(oldest);
  }

  /** The median; null: too little is known. */
  bytesPerToken(model: string): number | null {
    const sizes = this.models.get(model);
    if (sizes === undefined || sizes.recent.length < MIN_KNOWN) return null;
    return (sizes.median ??= medianOf(sizes.recent));
  }
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** null: nobody answered, or what was answered tells nothing of the text. */
export function sizedOf({ outcome, attempts, requestBytes, promptTokens }: RouteFact): Sized | null {
  const last = attempts.at(-1);
  if (outcome !== 'succeeded' || last === undefined) return null;
  return { model: last.model, requestBytes, promptTokens };
}
