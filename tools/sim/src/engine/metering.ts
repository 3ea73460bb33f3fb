import type { Generation } from '../options.js';
import type { TokenFigures } from './activity-row.js';

/** What llama-swap finds in an answer: token figures, and how long the model server says it took. */
export interface Metered {
  tokens: TokenFigures;
  /** Undefined where the answer carries no timings. */
  timingsMs: number | undefined;
}

/** A row whose answer told nothing has zeros everywhere, as an unset Go struct. */
export function noFigures(generation: Generation): TokenFigures {
  return figures(generation, {
    cache_tokens: 0,
    input_tokens: 0,
    output_tokens: 0,
    prompt_per_second: 0,
    tokens_per_second: 0,
    draft_tokens: 0,
    draft_acc_tokens: 0,
  });
}

/** Reads usage and timings out of a finished answer, streamed or not, as llama-swap's own metering does. */
export function meter(generation: Generation, contentType: string, body: string): Metered | undefined {
  const documents = contentType.includes('text/event-stream') ? eventDocuments(body) : [parse(body)];
  let usage: Fields | undefined;
  let timings: Fields | undefined;
  for (const document of documents) {
    usage = fields(document?.['usage']) ?? usage;
    timings = fields(document?.['timings']) ?? timings;
  }
  if (!usage && !timings) return undefined;
  const cached = fields(usage?.['prompt_tokens_details'])?.['cached_tokens'];
  const drafted = timings && 'draft_n' in timings && 'draft_n_accepted' in timings;
  return {
    tokens: figures(generation, {
      cache_tokens: number(timings?.['cache_n'] ?? cached, -1),
      input_tokens: number(timings?.['prompt_n'] ?? usage?.['prompt_tokens'], 0),
      output_tokens: number(timings?.['predicted_n'] ?? usage?.['completion_tokens'], 0),
      prompt_per_second: number(timings?.['prompt_per_second'], -1),
      tokens_per_second: number(timings?.['predicted_per_second'], -1),
      draft_tokens: drafted ? number(timings?.['draft_n'], -1) : -1,
      draft_acc_tokens: drafted ? number(timings?.['draft_n_accepted'], -1) : -1,
    }),
    timingsMs: timings && Math.trunc(number(timings['prompt_ms'], 0) + number(timings['predicted_ms'], 0)),
  };
}

/** The message llama-swap makes of a failed answer. */
export function errorMessage(status: number, statusText: string, body: string): string {
  const document = parse(body);
  const error = document?.['error'];
  const message = fields(error)?.['message'] ?? error ?? document?.['message'];
  if (typeof message === 'string' && message.trim() !== '') return message.trim().slice(0, 500);
  return statusText === '' ? `HTTP ${status}` : `${status} ${statusText}`;
}

type Fields = Record<string, unknown>;

function figures(generation: Generation, all: Required<TokenFigures>): TokenFigures {
  const { draft_tokens, draft_acc_tokens, ...rest } = all;
  if (generation === 'A') return rest;
  const { cache_tokens, ...others } = rest;
  return { cache_tokens, draft_tokens, draft_acc_tokens, ...others };
}

function eventDocuments(body: string): Array<Fields | undefined> {
  return body
    .split('\n')
    .filter((line) => line.startsWith('data:') && (line.includes('"usage"') || line.includes('"timings"')))
    .map((line) => parse(line.slice('data:'.length)));
}

function parse(text: string): Fields | undefined {
  try {
    return fields(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function number(value: unknown, missing: number): number {
  return typeof value === 'number' ? value : missing;
}
