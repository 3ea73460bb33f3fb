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

/** What only some users of a host want otherwise. */
export interface HttpTuning {
  /** What the host's access log calls us; default `boocontrol-ingest`. */
  userAgent?: string;
  /** What should answer there, for messages; default `llama-swap`. */
  server?: string;
  /** Connections at most; default 8. A call that waits for a load holds one for minutes. */
  connections?: number;
}

export interface HttpRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
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
  /** '' when there is none. */
  contentType: string;
  /** As it was sent; '' when there is none. */
  retryAfter: string;
  text: string;
}

/** HTTP to one host over a pool of its own: connections are kept, redirects are not followed, answers are bounded. */
export class HostHttp {
  readonly origin: string;
  private readonly prefix: string;
  private readonly headers: Record<string, string>;
  private readonly pool: Pool;
  private readonly server: string;
  private skew: number | null = null;

  constructor(
    { baseUrl, apiKey }: HttpOptions,
    { userAgent = 'boocontrol-ingest', server = 'llama-swap', connections = 8 }: HttpTuning = {},
  ) {
    const url = new URL(baseUrl);
    this.server = server;
    this.origin = url.origin;
    this.prefix = url.pathname.replace(/\/+$/, '');
    this.headers = {
      'user-agent': userAgent,
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    };
    this.pool = new Pool(url.origin, {
      connections,
      pipelining: 1,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      headersTimeout: HEADERS_TIMEOUT_MS,
      bodyTimeout: BODY_TIMEOUT_MS,
    });
  }

  /**
   * GET with the whole answer as text, whatever its status.
   * @throws {HostError} when no whole answer comes in time, or it is too long
   * @throws the signal's reason when that fired
   */
  get(path: string, options: AskOptions = {}): Promise<Answer> {
    return this.exchange({ method: 'GET', path }, HEADERS_TIMEOUT_MS, options);
  }

  /**
   * Any request with the whole answer as text, whatever its status. Only `timeoutMs` bounds how long the host may think
   * before it begins to answer: a load takes minutes.
   * @throws {HostError} when no whole answer comes in time, or it is too long
   * @throws the signal's reason when that fired
   */
  ask(request: HttpRequest, options: AskOptions = {}): Promise<Answer> {
    return this.exchange(request, 0, options);
  }

  private async exchange(
    request: HttpRequest,
    headersTimeoutMs: number,
    { signal, timeoutMs = 15_000, maxBytes = 1024 * 1024 }: AskOptions,
  ): Promise<Answer> {
    // One controller instead of AbortSignal.any: composites of a signal that lives for days pile up on it.
    const either = new AbortController();
    const stop = (): void => either.abort();
    const timer = setTimeout(stop, timeoutMs);
    signal?.addEventListener('abort', stop, { once: true });
    const startedMs = performance.now();
    try {
      signal?.throwIfAborted();
      const answer = await this.send(request, 'application/json', either.signal, {
        headersMs: headersTimeoutMs,
        bodyMs: headersTimeoutMs === 0 ? 0 : BODY_TIMEOUT_MS,
      });
      return {
        status: answer.statusCode,
        contentType: typeOf(answer),
        retryAfter: String(answer.headers['retry-after'] ?? ''),
        text: await readAll(answer, maxBytes, `${this.origin}${request.path}`),
      };
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (!either.signal.aborted) throw toHostError(error, this.origin, this.server);
      throw timeoutError(this.origin, performance.now() - startedMs, error);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }

  /**
   * GET that expects JSON with status 200.
   * @throws {HostError} `unauthorized`, `not_found`, `http_error` by status; `bad_answer` when it is not JSON
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

  /**
   * The event stream's bytes; errors while reading are the stream's own.
   * @throws {HostError} when it cannot be opened
   */
  async stream(path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const answer = await this.send({ method: 'GET', path }, 'text/event-stream', signal, {
      headersMs: HEADERS_TIMEOUT_MS,
      bodyMs: 0,
    });
    const type = typeOf(answer);
    if (answer.statusCode === 200 && type.startsWith('text/event-stream')) return answer.body;
    await answer.body.dump({ limit: 65_536, signal }).catch(() => undefined);
    if (answer.statusCode !== 200) throw statusError(answer.statusCode, path, this.origin);
    throw new HostError(
      'bad_answer',
      `${this.origin} answers ${path} with ${type === '' ? 'no content type' : type}. Check that the address is llama-swap's.`,
      200,
    );
  }

  /**
   * A GET whose answer is read as it comes and may pause for as long as it likes, before its first byte too.
   * @throws {HostError} when the connection fails
   * @throws the signal's reason when that fired
   */
  async open(
    path: string,
    signal: AbortSignal,
  ): Promise<{
    status: number;
    body: AsyncIterable<Uint8Array>;
    rest: (maxBytes: number) => Promise<string>;
  }> {
    try {
      const answer = await this.send({ method: 'GET', path }, 'application/json', signal, {
        headersMs: 0,
        bodyMs: 0,
      });
      return {
        status: answer.statusCode,
        body: answer.body,
        rest: (maxBytes) => readAll(answer, maxBytes, `${this.origin}${path}`),
      };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw toHostError(error, this.origin, this.server);
    }
  }

  /** How far the host's clock is ahead of ours, by the Date header of its newest answer (to about a second); null before one. */
  get clockSkewMs(): number | null {
    return this.skew;
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  /** Times in milliseconds; 0 = no limit of its own. */
  private async send(
    { method, path, headers = {}, body }: HttpRequest,
    accept: string,
    signal: AbortSignal,
    { headersMs, bodyMs }: { headersMs: number; bodyMs: number },
  ): Promise<Dispatcher.ResponseData> {
    const answer = await this.pool.request({
      method,
      path: `${this.prefix}${path}`,
      headers: { ...headers, ...this.headers, accept },
      body: body ?? null,
      signal,
      headersTimeout: headersMs,
      bodyTimeout: bodyMs,
    });
    const date = Date.parse(String(answer.headers['date'] ?? ''));
    // The header has whole seconds, cut off.
    if (date >= 0 && date < Date.UTC(9999, 0)) this.skew = date + 500 - Date.now();
    return answer;
  }
}

function typeOf({ headers }: Dispatcher.ResponseData): string {
  return String(headers['content-type'] ?? '');
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
