import type { EvalSampler, Problem } from '@boocontrol/contracts';
import type { Chat, Told } from '@boocontrol/measure';
import type { Sent } from '@boocontrol/platform';
import type { Answer, Send } from '../asking/types.js';
import type { SampleTimes } from './samples.repository.js';
import { answerFrom, bodyOf, promptHashOf } from './wire.js';

/** The host gave no answer that says anything about the model. */
export class HostTroubleError extends Error {
  override readonly name = 'HostTroubleError';
  /** @param isAway nothing answers at all */
  constructor(
    readonly problem: Problem,
    readonly isAway: boolean,
  ) {
    super(problem.message);
  }
}

/** It was not asked what was meant. */
export class NotAskedError extends Error {
  override readonly name = 'NotAskedError';
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

/** No whole answer came in time. */
export class TooSlowError extends Error {
  override readonly name = 'TooSlowError';
}

/** How llama.cpp, vLLM and OpenAI say that a prompt does not fit. */
const TOO_LONG = /context (?:size|length|window)|maximum context|exceed\w* .*context|prompt is too long/i;
/** Which may be otherwise a moment later: too many requests, or the host's own trouble. */
const isTrouble = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Sends the requests of one attempt at a sample, one after the other, and keeps what they took. */
export class Sending {
  readonly sent: Sent[] = [];
  promptHash: string | null = null;
  private readonly told: Told[] = [];

  constructor(
    private readonly chat: Pick<Chat, 'ask'>,
    private readonly sampler: EvalSampler,
    private readonly seed: number,
    /** Longest wait for one answer, in milliseconds. */
    private readonly timeoutMs: number,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * @throws {HostTroubleError}, {NotAskedError}, {TooSlowError}; {MeasureError} `key_needed`, `model_unknown`; the signal's
   * reason when that fires
   */
  readonly send: Send = async (messages, options): Promise<Answer> => {
    this.signal.throwIfAborted();
    const body = bodyOf(messages, options, this.sampler, this.seed);
    this.promptHash ??= promptHashOf(body);
    const late = AbortSignal.timeout(this.timeoutMs);
    const told = await this.chat.ask(body, AbortSignal.any([this.signal, late]));
    const { startedMs, endedMs, sample } = told;
    const { promptTokens, outputTokens } = sample;
    this.sent.push({ startedMs, endedMs, promptTokens, outputTokens });
    this.signal.throwIfAborted();
    if (sample.status === 'aborted')
      throw new TooSlowError(`No whole answer came within ${Math.round(this.timeoutMs / 1_000)} s.`);
    const refusal = refusalOf(told);
    this.told.push(told);
    return answerFrom(told, refusal);
  };

  /** Of all that was answered; null: nothing was. */
  get times(): SampleTimes | null {
    const [first] = this.sent;
    const last = this.sent.at(-1);
    if (first === undefined || last === undefined) return null;
    const sum = (of: (told: Told) => number | null): number | null => {
      const known = this.told.flatMap((told) => of(told) ?? []);
      return known.length === 0 ? null : known.reduce((all, one) => all + one, 0);
    };
    const timed = ({ sample }: Told): boolean => sample.tpotMs !== null && sample.outputTokens !== null;
    const tokens = sum((told) => (timed(told) ? (told.sample.outputTokens ?? 1) - 1 : null));
    const tokensMs = sum((told) =>
      timed(told) ? (told.sample.tpotMs ?? 0) * ((told.sample.outputTokens ?? 1) - 1) : null,
    );
    return {
      startedMs: first.startedMs,
      endedMs: last.endedMs,
      ttftMs: this.told[0]?.sample.ttftMs ?? null,
      e2eMs: sum(({ sample }) => sample.e2eMs),
      genTps: tokens !== null && tokensMs !== null && tokensMs > 0 ? (1_000 * tokens) / tokensMs : null,
    };
  }
}

/** Why the endpoint declined, in words; null: it answered. @throws {HostTroubleError}, {NotAskedError} */
function refusalOf({ sample }: Told): string | null {
  const { status, error, httpStatus } = sample;
  // An answer without any token is one, and not a good one.
  if (status === 'ok' || error?.code === 'no_tokens') return null;
  const message = (error?.message ?? 'it does not say why').slice(0, 500);
  const code = error?.code ?? status;
  if (TOO_LONG.test(message) || httpStatus === 413)
    throw new NotAskedError({ code: 'context_too_small', message: `The prompt does not fit: ${message}` });
  if (httpStatus !== null && httpStatus >= 400 && !isTrouble(httpStatus)) return `${httpStatus}: ${message}`;
  throw new HostTroubleError({ code, message: `The host did not answer: ${message}` }, httpStatus === null);
}
