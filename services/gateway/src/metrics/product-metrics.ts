import { counter, histogram } from '@boocontrol/platform';
import { OTHER, SeriesBound } from './series.js';

/** What a metric may have at most; docs/metrics.md says it too. */
export const MOST_REQUEST_SERIES = 5_000;
export const MOST_TOKEN_SERIES = 2_000;
/** Each is a series for every bucket. */
export const MOST_HISTOGRAMS = 200;

const HOST_AND_MODEL = ['host', 'model'] as const;
type HostAndModel = { host: string; model: string };

/** Names as Prometheus has them; durations are seconds. */
export const requestsTotal = counter(
  'boocontrol_requests_total',
  'Requests that have ended: each through /v1 once, and each that a host got from elsewhere once',
  ['host', 'model', 'policy', 'consumer', 'outcome'],
);
export const fallbacksTotal = counter(
  'boocontrol_fallbacks_total',
  'Attempts of requests to /v1 after which another host was asked, by why',
  ['reason'],
);
// So that the first one is a step from 0, which a rate sees.
for (const reason of ['refused', 'reset', 'timeout', 'status', 'incomplete', 'abandoned'])
  fallbacksTotal.inc({ reason }, 0);
export const promptTokensTotal = counter(
  'boocontrol_prompt_tokens_total',
  'Tokens of prompts, new and cached',
  HOST_AND_MODEL,
);
export const cachedTokensTotal = counter(
  'boocontrol_cached_tokens_total',
  'Tokens of prompts that a host had in its cache',
  HOST_AND_MODEL,
);
export const outputTokensTotal = counter(
  'boocontrol_output_tokens_total',
  'Generated tokens',
  HOST_AND_MODEL,
);
export const swapsTotal = counter(
  'boocontrol_swaps_total',
  'Loads of models that have ended, by whether the model became ready',
  ['host', 'result'],
);

export const ttftSeconds = histogram(
  'boocontrol_ttft_seconds',
  'From a streamed request to /v1 until the first content of its answer',
  [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
  ['model'],
);
export const tpotSeconds = histogram(
  'boocontrol_tpot_seconds',
  'For each generated token after the first',
  [0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1],
  ['model'],
);
export const queueSeconds = histogram(
  'boocontrol_queue_seconds',
  'That requests to /v1 waited for a place at a host',
  [0.01, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60],
  ['host'],
);
export const loadSeconds = histogram(
  'boocontrol_load_seconds',
  'From the start of a load until the model was ready',
  [1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600],
  ['model'],
);

/** One for each metric, as their series are counted apart. */
export const bounds = {
  requests: new SeriesBound<HostAndModel & { policy: string; consumer: string; outcome: string }>(
    'boocontrol_requests_total',
    MOST_REQUEST_SERIES,
    { host: OTHER, model: OTHER, consumer: OTHER },
  ),
  tokens: new SeriesBound<HostAndModel>('boocontrol_prompt_tokens_total', MOST_TOKEN_SERIES, {
    host: OTHER,
    model: OTHER,
  }),
  ttft: new SeriesBound<{ model: string }>('boocontrol_ttft_seconds', MOST_HISTOGRAMS, { model: OTHER }),
  tpot: new SeriesBound<{ model: string }>('boocontrol_tpot_seconds', MOST_HISTOGRAMS, { model: OTHER }),
  queue: new SeriesBound<{ host: string }>('boocontrol_queue_seconds', MOST_HISTOGRAMS, { host: OTHER }),
  load: new SeriesBound<{ model: string }>('boocontrol_load_seconds', MOST_HISTOGRAMS, { model: OTHER }),
};
