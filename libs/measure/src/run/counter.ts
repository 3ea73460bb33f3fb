import type { Suite } from '@boocontrol/contracts';
import { MeasureError } from '../errors.js';
import type { Counter } from '../prompts/calibration.js';
import type { Clock } from '../clock.js';
import type { Host } from '../wire/host.js';
import { bodyOf, pathOf } from './request.js';
import { sampleOf } from './sample.js';

/** Counts tokens as the host does: by its tokenizer, and by what it says of a request of one token. */
export function counterOf(
  host: Host,
  model: string,
  suite: Suite,
  { clock, signal }: { clock: Clock; signal: AbortSignal | undefined },
): Counter {
  return {
    text: (text) => host.countTokens(model, text),
    prompt: async (text) => {
      const body = bodyOf({ kind: host.kind, model, suite, text, outputTokens: 1, useCache: false });
      const answer = await host.http.send(pathOf(suite), body, clock.nowMs(), signal);
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
      if (answer.status === 404) throw await host.unknown(model);
      // One token may be an empty text: what counts here is what was read.
      if (sample.promptTokens !== null) return sample.promptTokens;
      const why = sample.error?.message ?? 'its answer tells neither usage nor timings';
      throw new MeasureError('model_failed', `${model} on ${host.http.base} cannot be measured: ${why}`);
    },
  };
}
