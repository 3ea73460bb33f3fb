import { Pool, type Dispatcher } from 'undici';
import { HostError, statusError, timeoutError, toHostError } from './errors.js';

const CONNECT_TIMEOUT_MS = 5_000;
const HEADERS_TIMEOUT_MS = 10_000;
/** Longest silence inside an answer that is not the event stream. */
const BODY_TIMEOUT_MS = 10_000;

export interface HttpOptions {
  /** Without trailing slash; a path prefix is kept. */
  baseUrl: string;
  apiKey?: string;
}

export interface AskOptions {
  signal?: AbortSignal;
  /** The whole exchange must be over after this many milliseconds; default 15 s. */
  timeoutMs?: number;
  /** A longer answer is refused with `too_large`; default 1 MB. */
  maxBytes?: number;
}

export interface Answer {
  status: number;
  text: string;
}

/** HTTP to one host over a pool of its own: connections are kept, redirects are not followed, answers are bounded. */
export class HostHttp {
  readonly origin: string;
  private readonly prefix: string;
  private readonly headers: Record<string, string>;
  private readonly pool: Pool;
  private skew: number | null = null;

  constructor({ baseUrl, apiKey }: HttpOptions) {
    const url = new URL(baseUrl);
    this.origin = url.origin;
    this.prefix = url.pathname.replace(/\/+$/, '');
    this.headers = {
      'user-agent': 'boocontrol-ingest',
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    };
    this.pool = new Pool(url.origin, {
      connections: 8,
      pipelining: 1,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      headersTimeout: HEADERS_TIMEOUT_MS,
      bodyTimeout: BODY_TIMEOUT_MS,
    });
  }

  /**
   * GET with the whole answer as text, whatever its status.
   * Thrown: HostError; what the signal's abort throws.
   */
  async get(
    path: string,
    { signal, timeoutMs = 15_000, maxBytes = 1024 * 1024 }: AskOptions = {},
  ): Promise<Answer> {
    // One controller instead of AbortSignal.any: composites of a signal that lives for days pile up on it.
    const either = new AbortController();
    const stop = (): void => either.abort();
    const timer = setTimeout(stop, timeoutMs);
    signal?.addEventListener('abort', stop, { once: true });
    const startedMs = performance.now();
    try {
      signal?.throwIfAborted();
      const answer = await this.send(path, 'application/json', either.signal, BODY_TIMEOUT_MS);
      return { status: answer.statusCode, text: await readAll(answer, maxBytes, `${this.origin}${path}`) };
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (!either.signal.aborted) throw toHostError(error, this.origin);
      throw timeoutError(this.origin, performance.now() - startedMs, error);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }

  /**
   * GET that expects JSON with status 200.
   * Thrown: HostError (`unauthorized`, `not_found`, `http_error` by status; `bad_answer` when it is not JSON).
   */
  async getJson(path: string, options: AskOptions = {}): Promise<unknown> {
    const { status, text } = await this.get(path, options);
    const what = path.replace(/\?.*$/, '');
    if (status !== 200) throw statusError(status, what, this.origin);
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      throw new HostError(
        'bad_answer',
        `${this.origin} answered ${what} with something that is not JSON. Check that the address is llama-swap's.`,
        status,
        { cause },
      );
    }
  }

  /** The event stream's bytes. Thrown: HostError when it cannot be opened; errors while reading are the stream's own. */
  async stream(path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const answer = await this.send(path, 'text/event-stream', signal, 0);
    const type = String(answer.headers['content-type'] ?? '');
    if (answer.statusCode === 200 && type.startsWith('text/event-stream')) return answer.body;
    await answer.body.dump({ limit: 65_536, signal }).catch(() => undefined);
    if (answer.statusCode !== 200) throw statusError(answer.statusCode, path, this.origin);
    throw new HostError(
      'bad_answer',
      `${this.origin} answers ${path} with ${type === '' ? 'no content type' : type}. Check that the address is llama-swap's.`,
      200,
    );
  }

  /** How far the host's clock is ahead of ours, by the Date header of its newest answer (to about a second); null before one. */
  get clockSkewMs(): number | null {
    return this.skew;
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async send(
    path: string,
    accept: string,
    signal: AbortSignal,
    bodyTimeout: number,
  ): Promise<Dispatcher.ResponseData> {
    const answer = await this.pool.request({
      method: 'GET',
      path: `${this.prefix}${path}`,
      headers: { ...this.headers, accept },
      signal,
      bodyTimeout,
    });
    const date = Date.parse(String(answer.headers['date'] ?? ''));
    // The header has whole seconds, cut off.
    if (date >= 0 && date < Date.UTC(9999, 0)) this.skew = date + 500 - Date.now();
    return answer;
  }
}

async function readAll({ body }: Dispatcher.ResponseData, maxBytes: number, url: string): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      body.destroy();
      throw new HostError('too_large', `${url} answered with more than ${maxBytes} bytes; it is not read.`);
    }
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString('utf8');
}
