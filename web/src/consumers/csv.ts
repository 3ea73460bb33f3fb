import type { Consumer } from './figures';

/** Shares from 0 to 1, times in ms; empty: there is nothing to have a share of. */
const COLUMNS: readonly (readonly [string, (of: Consumer) => string | number | null])[] = [
  ['consumer', ({ source }) => source],
  ['requests', ({ requests }) => requests],
  ['failed', ({ errors }) => errors],
  ['prompt_tokens', ({ promptTokens }) => promptTokens],
  ['cached_prompt_tokens', ({ cacheTokens }) => cacheTokens],
  ['cache_hit_rate', ({ hitRate }) => hitRate],
  ['generated_tokens', ({ outputTokens }) => outputTokens],
  ['generated_tokens_per_s', ({ genTps }) => genTps],
  ['gpu_time_ms', ({ hostMs }) => hostMs],
  ['gpu_time_share', ({ timeShare }) => timeShare],
];

/** Names are anybody's: what a spreadsheet takes for a formula gets a quote before it. */
const cell = (value: string | number | null): string =>
  typeof value === 'string'
    ? `"${value.replace(/^(?=[=+\-@\t\r])/, "'").replaceAll('"', '""')}"`
    : String(value ?? '');

/** The figures of consumers as CSV (RFC 4180). */
export const consumersCsv = (consumers: readonly Consumer[]): string =>
  [COLUMNS.map(([name]) => name), ...consumers.map((consumer) => COLUMNS.map(([, of]) => cell(of(consumer))))]
    .map((cells) => `${cells.join(',')}\r\n`)
    .join('');
