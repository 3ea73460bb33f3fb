import type { Problem } from '@boocontrol/contracts';
import type { OwnError } from './client-answer.js';

/** Why a request is halted, beside a client that has left: the reason of its signal. */
export class Cancelled {
  /** @param by the source of whoever ended it */
  constructor(readonly by: string) {}
}

export const SHUTDOWN = 'shutdown';

/** What the client is told of it; null: it has left, or nothing was halted. */
export function haltError({ reason }: AbortSignal): OwnError | null {
  if (reason === SHUTDOWN)
    return {
      status: 503,
      code: 'internal',
      message: 'The gateway is shutting down; ask again in a moment.',
      retryAfterS: 2,
    };
  if (!(reason instanceof Cancelled)) return null;
  // A status that clients do not answer with another try.
  return {
    status: 410,
    code: 'cancelled',
    message: `The request was cancelled at the gateway, by ${reason.by}.`,
    retryAfterS: null,
  };
}

export function problemOfHalt({ code, message }: OwnError, { reason }: AbortSignal): Problem {
  return reason instanceof Cancelled ? { code, message, details: { by: reason.by } } : { code, message };
}
