import { setTimeout as sleep } from 'node:timers/promises';
import { hostError, refusal, type CommandResult } from './command-result.js';
import { HostError, statusError, toHostError } from './errors.js';
import type { HostHttp } from './http.js';
import { LineAssembler, type HostLogLine } from './logs.js';
import { modelPath } from './model-path.js';

/** A refusal comes at once; a log without a line so far says nothing at all, not even its headers. */
const REFUSAL_WAIT_MS = 1_000;
const REFUSAL_MAX_BYTES = 64 * 1024;
/** The history itself has about 100 kB. */
const READ_MAX_BYTES = 256 * 1024;
const READ_MAX_MS = 3_000;
/** A reader that is to be slow may be so far ahead. */
const AHEAD_MS = 100;

export interface LogReading {
  /** Whether what the host still has comes first. */
  history: boolean;
  /** No more is read than this, on average. */
  bytesPerS: number;
}

/** A chunk's whole lines, as they come. */
export type LogChunks = AsyncIterable<HostLogLine[]>;

/**
 * The output of one model's process: first what the host still has of it (where `history` says so), then what follows.
 * Iterating ends only by a HostError or the signal. The host drops chunks for a reader that is more than ten behind, and
 * does not tell; its `/api/events` is complete, but does not name the model.
 *
 * `unknown_model` also where the host answers it only after more than a second: then iterating throws `not_found`.
 * @throws {HostError} when the host cannot be reached or wants a key
 */
export async function followLog(
  http: HostHttp,
  model: string,
  signal: AbortSignal,
  { history, bytesPerS }: LogReading,
): Promise<CommandResult<{ chunks: LogChunks }>> {
  const path = `/logs/stream/${modelPath(model)}${history ? '' : '?no-history'}`;
  const leave = new AbortController();
  const onAbort = (): void => leave.abort(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener('abort', onAbort, { once: true });
  const done = (): void => {
    signal.removeEventListener('abort', onAbort);
    leave.abort(new Error('nobody reads on'));
  };
  const opened = http.open(path, leave.signal).then(async (answer) => {
    if (answer.status === 200) return { ok: true as const, bytes: answer.body };
    const said = hostError(await answer.rest(REFUSAL_MAX_BYTES));
    if (answer.status === 400 && said !== null) return refusal('unknown_model', said);
    throw statusError(answer.status, path, http.origin);
  });
  try {
    const first = await orNothing(opened, REFUSAL_WAIT_MS);
    if (first?.ok === false) {
      done();
      return first;
    }
  } catch (error) {
    done();
    throw error;
  }
  return { ok: true, chunks: readLines(opened, http.origin, leave.signal, done, bytesPerS) };
}

type Opened = { ok: true; bytes: AsyncIterable<Uint8Array> } | { ok: false; detail: string };

async function* readLines(
  opened: Promise<Opened>,
  origin: string,
  signal: AbortSignal,
  done: () => void,
  bytesPerS: number,
): AsyncGenerator<HostLogLine[], void> {
  const assembler = new LineAssembler();
  const decoder = new TextDecoder();
  let dueMs = 0;
  try {
    const answer = await opened;
    if (!answer.ok) throw new HostError('not_found', `${origin} has no such log: ${answer.detail}.`);
    for await (const bytes of answer.bytes) {
      const lines = assembler.push(decoder.decode(bytes, { stream: true }));
      if (lines.length > 0) yield lines;
      const nowMs = performance.now();
      dueMs = Math.max(dueMs, nowMs) + (bytes.length * 1_000) / bytesPerS;
      if (dueMs - nowMs > AHEAD_MS) await sleep(dueMs - nowMs, null, { signal });
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw toHostError(error, origin);
  } finally {
    done();
  }
  throw new HostError('reset', `${origin} closed the log. It is opened again.`);
}

async function orNothing<T>(promise: Promise<T>, afterMs: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const nothing = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), afterMs)));
  // Who reads on meets its error; until then it is nobody's.
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, nothing]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * What the host still has of a model's output (about 100 kB), oldest first: it is sent in one piece, so reading stops when
 * nothing more has come for `quietMs`, and of a model that never falls silent after 256 kB or three seconds.
 */
export async function readLog(
  http: HostHttp,
  model: string,
  signal: AbortSignal | undefined,
  quietMs: number,
): Promise<CommandResult<{ lines: HostLogLine[] }>> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(signal?.reason);
  signal?.throwIfAborted();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const followed = await followLog(http, model, stop.signal, { history: true, bytesPerS: Infinity });
    if (!followed.ok) return followed;
    const lines: HostLogLine[] = [];
    const chunks = followed.chunks[Symbol.asyncIterator]();
    const untilMs = performance.now() + READ_MAX_MS;
    let bytes = 0;
    while (bytes < READ_MAX_BYTES && performance.now() < untilMs) {
      const next = await orNothing(chunks.next(), quietMs);
      if (next === null || next.done === true) break;
      for (const line of next.value) {
        lines.push(line);
        bytes += Buffer.byteLength(line.line) + 1;
      }
    }
    return { ok: true, lines };
  } finally {
    signal?.removeEventListener('abort', onAbort);
    stop.abort(new Error('read'));
  }
}
