import type { Suite } from '@boocontrol/contracts';
import { MeasureError } from '../errors.js';
import type { Counter } from '../prompts/calibration.js';
import type { Clock } from '../clock.js';
import type { Host } from '../wire/host.js';
import { bodyOf, pathOf } from './request.js';
import { sampleOf } from './sample.js';

export interface CounterParts {
  clock: Clock;
  signal: AbortSignal | undefined;
  onEvent: (event: Counted) => void;
}

/** A request that was sent to have its prompt counted; it is in no figure. */
export interface Counted {
  kind: 'counted';
  /** How long it took, milliseconds. */
  tookMs: number;
  /** null: not told, as of a request that failed. */
  promptTokens: number | null;
  outputTokens: number | null;
}

/** Counts tokens as the host does: by its tokenizer, and by what it says of a request of one token. */
export function counterOf(
  host: Host,
  model: string,
  suite: Suite,
  { clock, signal, onEvent }: CounterParts,
): Counter {
  return {
    text: (text) => host.countTokens(model, text),
    prompt: async (text) => {
      const body = bodyOf({ kind: host.kind, model, suite, text, outputTokens: 1, useCache: false });
      const sentMs = clock.nowMs();
      const answer = await host.http.send(pathOf(suite), body, sentMs, signal);
      signal?.throwIfAborted();
      if (answer.status === 401 || answer.status === 403) throw host.http.keyNeeded();
      const sample = sampleOf(answer, {
        cell: 0,
        repetition: 0,
        runStartedMs: 0,
        stream: suite.stream,
        promptTokens: null,
        outputTokens: null,
        cached: { from: 0, to: Infinity },
      });
      const { promptTokens, outputTokens } = sample;
      onEvent({ kind: 'counted', tookMs: clock.nowMs() - sentMs, promptTokens, outputTokens });
      if (answer.status === 404) throw await host.unknown(model);
      // One token may be an empty text: what counts here is what was read.
      if (sample.promptTokens !== null) return sample.promptTokens;
      const why = sample.error?.message ?? 'its answer tells neither usage nor timings';
      throw new MeasureError('model_failed', `${model} on ${host.http.base} cannot be measured: ${why}`);
    },
  };
}
