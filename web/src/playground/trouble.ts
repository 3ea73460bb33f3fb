import { asObject, asText, parseJson, type Json } from '@boocontrol/fleet-model';
import type { Trouble } from './types';

type Words = readonly [title: string, advice: string];

/** What to do about errors that /v1 makes itself, by their codes. */
const OWN: Readonly<Record<string, Words>> = {
  model_not_found: ['This model isn’t there', 'Choose another one above the conversation.'],
  provider_offline: ['The host is away', 'Wait until it is connected, or choose another host.'],
  provider_unhealthy: [
    'The host failed too often',
    'It is left alone for a moment. Try again, or choose another.',
  ],
  provider_disabled: [
    'The host takes no requests',
    'Switch it on, end its maintenance, or choose another one.',
  ],
  host_leased: [
    'Somebody has the host to themselves',
    'Wait until the lease ends (page Actions), or choose another.',
  ],
  context_too_long: [
    'The conversation is too long for this model',
    'Delete messages, or choose a longer context.',
  ],
  no_candidate: ['Nothing can serve this now', 'Choose a model on a host that is connected.'],
  queue_full: ['The host is busy', 'Too many requests wait for it. Try again in a moment.'],
  key_invalid: ['BooControl asks who you are', 'Log in again, then send once more.'],
  key_forbidden: ['This is not allowed', 'Choose another model.'],
  rate_limited: ['Too many requests at once', 'Try again in a moment.'],
  upstream_error: ['The host failed', 'Try again; the log of the host has more.'],
  upstream_timeout: ['The host did not answer in time', 'Try again, or choose another one.'],
  bad_request: ['The request was refused', 'Check the parameters; Raw shows what was sent.'],
  body_too_large: ['The conversation is too large', 'Take pictures out, or begin a new one.'],
  cancelled: [
    'The request was cancelled',
    'Somebody ended it on the page Routing. Send it again if you want it.',
  ],
  internal: ['BooControl failed', 'Try again; the log of the gateway has more.'],
};
/** A host's own words, where its code says nothing to us. */
const BY_STATUS: readonly (readonly [least: number, words: Words])[] = [
  [500, ['The host failed', 'Try again; the log of the host has more.']],
  [429, ['The host is busy', 'Try again in a moment.']],
  [400, ['The host refused the request', 'Check the parameters and tools; Raw shows what was sent.']],
  [0, ['The answer ended with an error', 'Try again; the log of the host has more.']],
];

const MOST_CHARS = 2000;

/**
 * An error as it was told, in the body of an answer or inside a stream.
 * @param status of the answer; 0: it came inside the stream
 */
export function troubleOf(status: number, error: Json | string | null): Trouble {
  const told = typeof error === 'string' ? error : asText(error?.['message']);
  const code = (typeof error === 'string' ? null : asText(error?.['code'])) ?? '';
  const type = (typeof error === 'string' ? null : asText(error?.['type'])) ?? '';
  const key = type === 'exceed_context_size_error' ? 'context_too_long' : code;
  const words = Object.hasOwn(OWN, key) ? OWN[key] : BY_STATUS.find(([least]) => status >= least)?.[1];
  const [title, advice] = words ?? ['The answer ended with an error', 'Try again.'];
  const message = told ?? (status > 0 ? `It answered with status ${status} and no word about why.` : '');
  return { title, message: message.slice(0, MOST_CHARS), advice };
}

/** The error in a body that is no stream; null: there is none in it. */
export function errorIn(body: string): Json | string | null {
  const error = asObject(parseJson(body))?.['error'];
  return asObject(error) ?? asText(error);
}

export const UNREACHABLE: Trouble = {
  title: 'BooControl did not answer',
  message: 'The request did not get through.',
  advice: 'Check that it is still running, then try again.',
};
export const BROKE_OFF: Trouble = {
  title: 'The answer is incomplete',
  message: 'The connection broke off before the model was done.',
  advice: 'Ask again for a whole one.',
};
export const NO_END: Trouble = {
  title: 'The answer is incomplete',
  message: 'Its stream ended before the model said that it was done.',
  advice: 'Ask again for a whole one; the log of the host may say why.',
};
export const NO_CHAT: Trouble = {
  title: 'This is no answer of a chat',
  message: 'What came back has neither a message nor an error that is known.',
  advice: 'Raw shows it. Choose a model that is made for chat.',
};
