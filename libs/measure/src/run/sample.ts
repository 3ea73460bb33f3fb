import type { Pollution, Sample } from '@boocontrol/contracts';
import { answerOf, parse, saidIn, wholeAnswerOf, type Answer } from '../wire/answer.js';
import { textOf, type Exchange } from '../wire/exchange.js';
import { framesOf } from '../wire/sse.js';

/** What was asked, to hold against what came. null: nothing is expected. */
export interface Asked {
  cell: number;
  repetition: number;
  runStartedMs: number;
  /** false: the answer comes whole, as JSON. */
  stream: boolean;
  promptTokens: number | null;
  outputTokens: number | null;
  /** Cached tokens at least, at most. */
  cached: { from: number; to: number };
}

/** More than this apart, as a part of 1, and one of the two does not tell the truth. */
const DISAGREEMENT = 0.1;
/** Of shorter answers a single late chunk is more than that. */
const ENOUGH_TOKENS = 16;
const LATE_MS = 10;
const LENGTH_TOLERANCE = 0.02;

/** The figures of one request. Pure: from times and bytes alone. */
export function sampleOf(exchange: Exchange, asked: Asked): Sample {
  const { intendedMs, reads, status: httpStatus } = exchange;
  const answer = readOf(exchange, asked.stream);
  const since = (atMs: number | undefined): number | null => (atMs === undefined ? null : atMs - intendedMs);
  const at = answer.chunks.map((chunk) => chunk.atMs);
  // Of an answer that came whole nothing is known of its first token.
  const first = (isOne: (chunk: Answer['chunks'][number]) => boolean): number | null =>
    asked.stream ? since(answer.chunks.find(isOne)?.atMs) : null;
  const [firstMs, lastMs] = [at[0], at.at(-1)];
  const count = countsOf(answer);
  const outcome = outcomeOf(exchange, answer, asked.stream);
  const sample: Sample = {
    cell: asked.cell,
    repetition: asked.repetition,
    startMs: intendedMs - asked.runStartedMs,
    lagMs: since(exchange.sentMs ?? undefined),
    answerId: answer.id,
    ...outcome,
    httpStatus,
    ttfbMs: since(reads[0]?.atMs),
    ttftMs: first(() => true),
    ttftReasoningMs: first(({ reasoning }) => reasoning),
    ttftContentMs: first(({ reasoning }) => !reasoning),
    e2eMs: since(lastMs),
    queueMs: queueOf(exchange),
    gapsMs: at.slice(1).map((each, index) => each - (at[index] ?? each)),
    tpotMs: tpotOf(firstMs, lastMs, count.outputTokens),
    ...count,
    finishReason: answer.finishReason,
    pollution: [],
  };
  if (sample.status === 'ok') sample.pollution = pollutionOf(sample, asked);
  return sample;
}

function readOf(exchange: Exchange, stream: boolean): Answer {
  const { status, reads } = exchange;
  if (status === null || status >= 300) return answerOf([]);
  return stream ? answerOf(framesOf(reads)) : wholeAnswerOf(textOf(exchange), reads.at(-1)?.atMs ?? 0);
}

/** BooControl's gateway tells how long it kept a request waiting (docs/v1.md); others tell nothing. */
function queueOf({ headers }: Exchange): number | null {
  const told = headers['x-boo-queue-ms'];
  const ms = typeof told === 'string' && told.trim() !== '' ? Number(told) : NaN;
  return Number.isFinite(ms) && ms >= 0 ? ms : null;
}

/** null: one chunk has no time between its tokens, and without their count there is nothing to divide by. */
function tpotOf(first: number | undefined, last: number | undefined, count: number | null): number | null {
  if (first === undefined || last === undefined || !(last > first) || count === null || count < 2)
    return null;
  return (last - first) / (count - 1);
}

function countsOf({ timings, usage }: Answer) {
  const cached = timings?.cache_n ?? usage?.prompt_tokens_details?.cached_tokens ?? null;
  return {
    promptTokens: timings ? timings.prompt_n + (timings.cache_n ?? 0) : (usage?.prompt_tokens ?? null),
    outputTokens: timings?.predicted_n ?? usage?.completion_tokens ?? null,
    cacheTokens: cached,
    draftTokens: timings?.draft_n ?? null,
    draftAccepted: timings?.draft_n_accepted ?? null,
    hostGenTps: timings?.predicted_per_second ?? null,
    hostPromptTps: timings?.prompt_per_second ?? null,
  };
}

function outcomeOf(exchange: Exchange, answer: Answer, stream: boolean): Pick<Sample, 'status' | 'error'> {
  const { failure, status } = exchange;
  if (failure?.code === 'aborted') return { status: 'aborted', error: null };
  if (failure) return { status: 'error', error: failure };
  if (status === null || status >= 300) {
    const text = textOf(exchange);
    const message = saidIn(parse(text)) ?? (text.slice(0, 200) || 'no reason given');
    return { status: 'error', error: { code: `http_${status}`, message } };
  }
  if (answer.error !== null)
    return { status: 'error', error: { code: 'error_in_stream', message: answer.error } };
  if (!answer.isDone)
    return {
      status: 'incomplete',
      error: {
        code: 'no_end',
        message: stream ? 'the stream ended without its last event' : 'the answer is no whole JSON',
      },
    };
  if (answer.chunks.length === 0)
    return { status: 'error', error: { code: 'no_tokens', message: 'an answer without any token' } };
  return { status: 'ok', error: null };
}

function pollutionOf(sample: Sample, asked: Asked): Pollution[] {
  const { cacheTokens, promptTokens, outputTokens, tpotMs, hostGenTps, lagMs } = sample;
  const found: Pollution[] = [];
  if (cacheTokens !== null && cacheTokens > asked.cached.to) found.push('cached');
  if (asked.cached.from > 0 && (cacheTokens ?? 0) < asked.cached.from) found.push('not_cached');
  const off = (is: number | null, wanted: number | null): number =>
    is === null || wanted === null ? 0 : Math.abs(is - wanted);
  if (off(promptTokens, asked.promptTokens) > Math.max(1, LENGTH_TOLERANCE * (asked.promptTokens ?? 0)))
    found.push('prompt_length');
  if (off(outputTokens, asked.outputTokens) > 0) found.push('answer_length');
  if (tpotMs !== null && hostGenTps !== null && hostGenTps > 0 && (outputTokens ?? 0) >= ENOUGH_TOKENS) {
    const count = outputTokens ?? 0;
    // llama.cpp's clock starts with the first token and counts it: count tokens in count − 1 times.
    const theirs = (hostGenTps * (count - 1)) / count;
    if (Math.abs(1000 / tpotMs / theirs - 1) > DISAGREEMENT) found.push('host_disagrees');
  }
  if ((lagMs ?? 0) > LATE_MS) found.push('sent_late');
  return found;
}
