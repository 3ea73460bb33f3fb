import type { Problem } from '@boocontrol/contracts';
import type { OwnError } from './client-answer.js';

/** Why a request is halted, beside a client that has left: the reason of its signal. */
export class Cancelled {
  /** @param by the source of whoever ended it */
  constructor(readonly by: string) {}
}

export const SHUTDOWN = 'shutdown';

/** What of an AbortSignal is needed of one that ends a request. */
export interface HaltSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Ends one request, once. An AbortController would do, but making and listening to one costs more than choosing a host. */
export class Halt implements HaltSignal {
  aborted = false;
  reason: unknown = null;
  private listeners: (() => void)[] = [];

  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const { listeners } = this;
    this.listeners = [];
    for (const listener of listeners) listener();
  }

  /** Called once at most; never when it has fired already. */
  addEventListener(_type: 'abort', listener: () => void): void {
    if (!this.aborted) this.listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.listeners = this.listeners.filter((other) => other !== listener);
  }
}

/** Resolves after so many milliseconds, or when it fires. */
export function pauseUnless(halt: HaltSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      halt.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    halt.addEventListener('abort', end, { once: true });
  });
}

/** What the client is told of it; null: it has left, or nothing was halted. */
export function haltError({ reason }: HaltSignal): OwnError | null {
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

export function problemOfHalt({ code, message }: OwnError, { reason }: HaltSignal): Problem {
  return reason instanceof Cancelled ? { code, message, details: { by: reason.by } } : { code, message };
}
