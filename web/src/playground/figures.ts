import { asObject, type Json } from '@boocontrol/fleet-model';
import type { Brought, Draft } from './draft';
import type { Figures } from './types';

export const NO_FIGURES: Figures = {
  ttftMs: null,
  ttftContentMs: null,
  e2eMs: null,
  promptTokens: null,
  cacheTokens: null,
  outputTokens: null,
  genTps: null,
  isByChunks: false,
  hostGenTps: null,
  hostPromptTps: null,
};

/** When tokens came. All times are of one monotonic clock, in milliseconds. */
export class TokenClock {
  private firstMs: number | null = null;
  private firstContentMs: number | null = null;
  private lastMs: number | null = null;
  /** Events that brought something; of llama.cpp each is a token. */
  private chunks = 0;

  constructor(private readonly sentMs: number) {}

  /** @param atMs when the bytes came, taken before anything of them was read */
  took(atMs: number, brought: Brought): void {
    if (brought === 'nothing') return;
    this.firstMs ??= atMs;
    if (brought === 'content') this.firstContentMs ??= atMs;
    this.lastMs = atMs;
    this.chunks += 1;
  }

  figures({ usage, timings }: Pick<Draft, 'usage' | 'timings'>): Figures {
    const since = (ms: number | null): number | null => (ms === null ? null : ms - this.sentMs);
    const outputTokens = numberOf(usage?.['completion_tokens']) ?? numberOf(timings?.['predicted_n']);
    const cacheTokens = cachedOf(usage) ?? numberOf(timings?.['cache_n']);
    const isByChunks = outputTokens === null;
    return {
      ttftMs: since(this.firstMs),
      ttftContentMs: since(this.firstContentMs),
      e2eMs: since(this.lastMs),
      promptTokens: promptOf(usage, timings),
      cacheTokens,
      outputTokens,
      genTps: this.rate(outputTokens ?? this.chunks),
      isByChunks,
      hostGenTps: numberOf(timings?.['predicted_per_second']),
      hostPromptTps: numberOf(timings?.['prompt_per_second']),
    };
  }

  /** An answer that came in one piece has no speed. */
  private rate(tokens: number): number | null {
    if (this.firstMs === null || this.lastMs === null || this.lastMs <= this.firstMs || tokens < 2)
      return null;
    return (1000 * (tokens - 1)) / (this.lastMs - this.firstMs);
  }
}

/** Finite and not below 0: JSON of others. */
const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;

const cachedOf = (usage: Json | null): number | null =>
  numberOf(asObject(usage?.['prompt_tokens_details'])?.['cached_tokens']);

/** llama.cpp's `prompt_n` is what it had to read: what was in the cache is not among it. */
function promptOf(usage: Json | null, timings: Json | null): number | null {
  const told = numberOf(usage?.['prompt_tokens']);
  if (told !== null) return told;
  const read = numberOf(timings?.['prompt_n']);
  return read === null ? null : read + (numberOf(timings?.['cache_n']) ?? 0);
}

/** Past this part of 1 what we measure and what the host says are not the same thing. */
const APART = 0.1;

/** Whether the host's own speed of generation and ours differ by more than a tenth. */
export const areApart = ({ genTps, hostGenTps, isByChunks }: Figures): boolean =>
  genTps !== null && hostGenTps !== null && !isByChunks && Math.abs(genTps / hostGenTps - 1) > APART;
