import { hashText, Rng } from '../core/rng.js';
import type { SimModel } from '../options.js';
import { answerPieces } from './answer-text.js';
import type { Piece } from './pieces.js';
import { scriptedPieces } from './scripted.js';
import type { GenerationRequest } from './requests.js';
import type { ModelRuntime } from './runtime.js';
import { tokenize } from './tokens.js';

/** Tokens that are due are sent together at this rhythm, so that a fast model does not cost a timer for each token. */
const MIN_TICK_REAL_MS = 8;

/** llama.cpp's `timings`. */
export interface Timings {
  cache_n: number;
  prompt_n: number;
  prompt_ms: number;
  prompt_per_token_ms: number;
  prompt_per_second: number;
  predicted_n: number;
  predicted_ms: number;
  predicted_per_token_ms: number;
  predicted_per_second: number;
  draft_n?: number;
  draft_n_accepted?: number;
}

export interface GenerationResult {
  finishReason: 'stop' | 'length' | 'tool_calls';
  timings: Timings;
  promptTokens: number;
}

/**
 * Runs one generation in simulated time: waits for a slot, evaluates what the KV cache lacks, then hands out pieces
 * at the model's speed. Undefined when the signal fired first.
 */
export async function generate(
  runtime: ModelRuntime,
  request: GenerationRequest,
  onPieces: (pieces: Piece[]) => void | Promise<void>,
  signal: AbortSignal,
): Promise<GenerationResult | undefined> {
  const { spec } = runtime;
  const lease = await runtime.slots.acquire(request.promptTokens, signal, request.useCache);
  if (!lease) return undefined;
  const plan = planAnswer(runtime, request);
  const task = runtime.nextTask();
  const held: number[] = [...request.promptTokens];
  runtime.load.begin();
  try {
    const promptN = request.promptTokens.length - lease.cachedTokens;
    runtime.log(`slot launch_slot_: id ${lease.slotId} | task ${task} | processing task\n`);
    const hand = async (batch: Piece[]): Promise<void> => {
      for (const piece of batch) held.push(...tokenize(piece.text));
      await onPieces(batch);
    };
    const { promptMs, sent, ms } = spec.pace
      ? await paced(runtime, spec.pace, plan.pieces, hand, signal)
      : await natural(runtime, promptN, plan, hand, signal);
    if (signal.aborted) return undefined;
    const timings = toTimings(lease.cachedTokens, promptN, promptMs, sent, ms);
    if (spec.draftAcceptPct !== undefined) {
      timings.draft_n_accepted = Math.round((sent * spec.draftAcceptPct) / 100);
      timings.draft_n = sent;
    }
    runtime.log(timingLog(lease.slotId, task, timings));
    return { finishReason: plan.finishReason, timings, promptTokens: request.promptTokens.length };
  } finally {
    runtime.load.end();
    lease.release(held);
  }
}

interface Spoken {
  promptMs: number;
  sent: number;
  /** Of the generation. */
  ms: number;
}

/** At the speeds of the model, a little different each time, and slower the more it does at once. */
async function natural(
  { spec, time, load, tokenFactor }: ModelRuntime,
  promptN: number,
  plan: { seed: number; pieces: readonly Piece[] },
  hand: (batch: Piece[]) => Promise<void>,
  signal: AbortSignal,
): Promise<Spoken> {
  const rng = new Rng(plan.seed);
  const promptMs = rng.jitter((promptN / spec.promptTps) * 1000, 0.04);
  await time.sleep(promptMs, signal);
  // Slots share the chip: two streams are each slower than one, together faster.
  const shareFactor = 1 + 0.35 * Math.max(0, load.active - 1);
  const tokenMs = rng.jitter((1000 / spec.genTps) * shareFactor * tokenFactor(), 0.04);
  const startMs = time.simMs();
  let sent = 0;
  while (sent < plan.pieces.length && !signal.aborted) {
    const due = Math.min(plan.pieces.length, Math.floor((time.simMs() - startMs) / tokenMs));
    if (due > sent) {
      const batch = plan.pieces.slice(sent, due);
      sent = due;
      await hand(batch);
    } else {
      await time.sleep(Math.max(tokenMs / 2, MIN_TICK_REAL_MS * time.timeScale), signal);
    }
  }
  return { promptMs, sent, ms: sent * tokenMs };
}

/** Each chunk when it is due from the beginning, so that one that is late makes none after it late. */
async function paced(
  { time, tokenFactor }: ModelRuntime,
  pace: NonNullable<SimModel['pace']>,
  pieces: readonly Piece[],
  hand: (batch: Piece[]) => Promise<void>,
  signal: AbortSignal,
): Promise<Spoken> {
  const { firstMs, tokensPerChunk } = pace;
  const tokenMs = pace.tokenMs * tokenFactor();
  const startMs = time.simMs();
  let spokenMs = 0;
  for (let sent = 0; sent < pieces.length && !signal.aborted; sent += tokensPerChunk) {
    await time.sleep(startMs + firstMs + sent * tokenMs - time.simMs(), signal);
    if (signal.aborted) break;
    if (sent === 0) spokenMs = time.simMs();
    await hand(pieces.slice(sent, sent + tokensPerChunk));
  }
  return { promptMs: firstMs, sent: pieces.length, ms: Math.max(0.001, time.simMs() - spokenMs) };
}

function planAnswer(runtime: ModelRuntime, request: GenerationRequest) {
  const seed = hashText(`${runtime.spec.id}:${request.seed}:${request.promptTokens.join(',')}`, runtime.seed);
  const room = Math.max(1, runtime.spec.ctx - request.promptTokens.length);
  const limit = Math.min(request.maxTokens ?? Infinity, room);
  const scripted = request.ignoreEos ? null : scriptedPieces(runtime.spec, request, seed);
  if (scripted !== null) {
    const pieces = scripted.slice(0, limit);
    const ended = pieces.some(({ call }) => call !== undefined) ? ('tool_calls' as const) : ('stop' as const);
    return { seed, pieces, finishReason: scripted.length > limit ? ('length' as const) : ended };
  }
  const wanted = Math.round(Math.min(1_200, Math.max(12, new Rng(seed).logNormal(120, 0.7))));
  const count = request.ignoreEos && Number.isFinite(limit) ? limit : Math.min(wanted, limit);
  const thinking = runtime.spec.reasoning && request.kind === 'chat' ? Math.floor(count / 3) : 0;
  const pieces: Piece[] = answerPieces(seed, count).map((text, index) => ({
    text,
    reasoning: index < thinking,
  }));
  return { seed, pieces, finishReason: count < wanted ? ('length' as const) : ('stop' as const) };
}

function toTimings(cacheN: number, promptN: number, promptMs: number, n: number, ms: number): Timings {
  return {
    cache_n: cacheN,
    prompt_n: promptN,
    prompt_ms: round3(promptMs),
    prompt_per_token_ms: round3(promptMs / promptN),
    prompt_per_second: round3((promptN / promptMs) * 1000),
    predicted_n: n,
    predicted_ms: round3(ms),
    predicted_per_token_ms: n === 0 ? 0 : round3(ms / n),
    predicted_per_second: n === 0 ? 0 : round3((n / ms) * 1000),
  };
}

function timingLog(slot: number, task: number, t: Timings): string {
  return (
    `slot print_timing: id ${slot} | task ${task} |\n` +
    `prompt eval time = ${t.prompt_ms.toFixed(2)} ms / ${t.prompt_n} tokens (${t.prompt_per_second.toFixed(2)} tokens per second)\n` +
    `       eval time = ${t.predicted_ms.toFixed(2)} ms / ${t.predicted_n} tokens (${t.predicted_per_second.toFixed(2)} tokens per second)\n` +
    `slot      release: id ${slot} | task ${task} | stop processing: n_tokens = ${t.cache_n + t.prompt_n + t.predicted_n}, truncated = 0\n`
  );
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}
