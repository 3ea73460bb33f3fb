import type { Dispatcher } from 'undici';
import type { Clock } from '../clock.js';
import type { Read } from './sse.js';

/** What came of one request, by the clock and unparsed. Times are the clock's milliseconds. */
export interface Exchange {
  intendedMs: number;
  /** When it was written to its socket; null: never. */
  sentMs: number | null;
  status: number | null;
  /** Of the answer, names in small letters. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  reads: Read[];
  /** When the body ended or the connection broke. */
  endedMs: number;
  /** null: the body ended as HTTP says it. */
  failure: { code: string; message: string } | null;
}

/** A longer answer is cut off: nothing that is measured here is so long. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Sends one request and notes when each piece of its answer came off the socket. Nothing is parsed here: between two
 * pieces of one read there is only a time to be noted. Never throws; the signal ends it with code `aborted`.
 */
export function exchange(
  pool: Dispatcher,
  options: Dispatcher.DispatchOptions,
  { clock, intendedMs, signal }: { clock: Clock; intendedMs: number; signal: AbortSignal | undefined },
): Promise<Exchange> {
  const result: Exchange = {
    intendedMs,
    sentMs: null,
    status: null,
    headers: {},
    reads: [],
    endedMs: intendedMs,
    failure: null,
  };
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | null = null;
    let bytes = 0;
    const stop = (): void => {
      // Said first: the connection that is torn down has a word of its own for it.
      end({ code: 'aborted', message: 'ended before it was answered' });
      controller?.abort(new Error('aborted'));
    };
    let isOver = false;
    const end = (failure: Exchange['failure']): void => {
      if (isOver) return;
      isOver = true;
      result.endedMs = clock.nowMs();
      result.failure = failure;
      signal?.removeEventListener('abort', stop);
      resolve(result);
    };
    if (signal?.aborted === true) return stop();
    signal?.addEventListener('abort', stop, { once: true });
    pool.dispatch(options, {
      onRequestStart: (started) => {
        controller = started;
        result.sentMs = clock.nowMs();
        // Aborted while it waited for a connection.
        if (isOver) started.abort(new Error('aborted'));
      },
      onResponseStart: (_controller, status, headers) => {
        result.status = status;
        result.headers = headers;
      },
      onResponseData: (started, chunk) => {
        const atMs = clock.nowMs();
        if (isOver) return;
        result.reads.push({ atMs, bytes: chunk });
        bytes += chunk.length;
        if (bytes <= MAX_BYTES) return;
        started.abort(new Error('too long'));
        end({ code: 'too_long', message: `an answer of more than ${MAX_BYTES} bytes` });
      },
      onResponseEnd: () => end(null),
      onResponseError: (_controller, error) => end(failureOf(error)),
    });
  });
}

/** Code and words of what Node or undici threw. */
export function failureOf(error: unknown): { code: string; message: string } {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return {
    code: typeof code === 'string' ? code : 'broken',
    message: typeof message === 'string' && message !== '' ? message : 'the connection broke',
  };
}

export function textOf({ reads }: Exchange): string {
  return Buffer.concat(reads.map(({ bytes }) => bytes)).toString('utf8');
}
