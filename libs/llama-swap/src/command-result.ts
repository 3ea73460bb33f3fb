import { statusError } from './errors.js';
import { cleanText, isObject } from './loose.js';
import type { Answer } from './http.js';

/** Why a host did not do what it was told, where that is to be expected. */
export type RefusalReason =
  /** This build does not have the call. */
  | 'not_offered'
  | 'unknown_model'
  | 'unknown_profile'
  /** No such request is under way, or not any more. */
  | 'unknown_request'
  /** The model's command failed, or its server was not ready in time. */
  | 'failed_to_start'
  /** Somebody unloaded the model while this call waited for it. */
  | 'unloaded'
  /** The call is only for models that are ready, and this one is not; it was not loaded for it. */
  | 'not_ready'
  /** The model's own server does not answer, or died over this request. */
  | 'model_not_answering'
  /** The model serves as many requests as it may. */
  | 'busy';

export interface Refusal {
  ok: false;
  reason: RefusalReason;
  /** In the host's words where it says any, without its command lines; may be empty. */
  detail: string;
}

/** What came of a command. What nobody expects (host unreachable, wrong key, …) is thrown as HostError instead. */
export type CommandResult<T = unknown> = ({ ok: true } & T) | Refusal;

export function refusal(reason: RefusalReason, detail = ''): Refusal {
  return { ok: false, reason, detail };
}

/**
 * llama-swap's own words in an answer; null when the answer is not llama-swap's but the model server's. Its errors carry
 * `"src":"llama-swap"`; the text is a string, in late generation C an object with `message`.
 */
export function hostError(text: string): string | null {
  const answer = jsonOf(text);
  if (!isObject(answer) || answer['src'] !== 'llama-swap') return null;
  const { error } = answer;
  const message = isObject(error) ? error['message'] : error;
  return typeof message === 'string' ? withoutCommand(message) : '';
}

/** A command line may hold secrets, and stands in quotes in "failed to start command '…': exec: …". */
function withoutCommand(message: string): string {
  return cleanText(message, 4_096)
    .replace(/command '.*'/s, 'the command')
    .slice(0, 512);
}

/**
 * Why a request for a model's own server did not reach it; null when that server answered, whatever it said.
 * Seen alike on builds of all three generations.
 * @throws {HostError} when the host refuses for another reason: its key, its shutdown
 */
export function upstreamRefusal({ status, text }: Answer, path: string, origin: string): Refusal | null {
  // A server that refuses the connection or breaks it off is answered for by the host's proxy, with no word.
  if (status === 502 && text === '') return refusal('model_not_answering');
  if (status === 503 && text.startsWith('llama-swap-error:'))
    return refusal('not_ready', cleanText(text.trim(), 512));
  const said = hostError(text);
  if (said === null) return null;
  if (status === 404) return refusal('unknown_model', said);
  if (status === 409) return refusal('not_ready', said);
  if (status === 429) return refusal('busy', said);
  // One status for all that goes wrong with a process; only the words differ.
  if (status === 500 && said.includes('model unloaded')) return refusal('unloaded', said);
  if (status === 500 && !said.includes('shutting down')) return refusal('failed_to_start', said);
  throw statusError(status, path, origin);
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
