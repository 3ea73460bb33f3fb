import { Pool, type Dispatcher } from 'undici';
import type { Clock } from '../clock.js';
import { MeasureError } from '../errors.js';
import { parse } from './answer.js';
import { exchange, textOf, type Exchange } from './exchange.js';

/** What our requests are called, where a host tells (llama-swap's rows, BooControl's attribution). */
const BENCH_SOURCE = 'control-bench';
const CONNECT_TIMEOUT_MS = 5_000;
/** A long prompt on a slow machine takes minutes until the first byte. */
const SILENCE_MS = 20 * 60_000;

export interface HttpOptions {
  /** Any address of a host, `/v1` at its end or not. */
  url: string;
  apiKey: string | undefined;
  clock: Clock;
  runId: string;
  /** Default control-bench. */
  source?: string | undefined;
}

/** HTTP to the measured host: one pool of connections, which stay open from the warm-up on. */
export class Http {
  readonly base: string;
  readonly #pool: Pool;
  readonly #prefix: string;
  readonly #headers: Record<string, string>;
  readonly #clock: Clock;

  /** @throws {MeasureError} `host_away` when the address is none */
  constructor({ url, apiKey, clock, runId, source = BENCH_SOURCE }: HttpOptions) {
    const parsed = URL.canParse(url) ? new URL(url) : null;
    if (parsed === null || !/^https?:$/.test(parsed.protocol))
      throw new MeasureError('host_away', `"${url}" is no address. One looks like http://192.168.1.20:8080`);
    this.#prefix = parsed.pathname.replace(/\/+$/, '').replace(/\/v1$/, '');
    this.base = `${parsed.origin}${this.#prefix}`;
    this.#clock = clock;
    this.#headers = {
      'user-agent': `boo${source}`,
      'x-boo-source': source,
      'x-boo-run': runId,
      'content-type': 'application/json',
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    };
    this.#pool = new Pool(parsed.origin, {
      pipelining: 1,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      headersTimeout: SILENCE_MS,
      bodyTimeout: SILENCE_MS,
    });
  }

  /** A request that is measured. */
  send(path: string, body: string, intendedMs: number, signal?: AbortSignal): Promise<Exchange> {
    return exchange(this.#pool, this.#options('POST', path, body), {
      clock: this.#clock,
      intendedMs,
      signal,
    });
  }

  /**
   * A question about the host. `json` is undefined where the answer is none.
   * @throws {MeasureError} `host_away` when no answer comes, `key_needed` for 401 and 403
   * @throws the signal's reason when that fired
   */
  async ask(
    method: 'GET' | 'POST',
    path: string,
    {
      body,
      signal,
      timeoutMs = 20_000,
    }: { body?: object; signal?: AbortSignal | undefined; timeoutMs?: number } = {},
  ): Promise<{ status: number; json: unknown }> {
    const either = new AbortController();
    const stop = (): void => either.abort();
    const timer = setTimeout(stop, timeoutMs);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      signal?.throwIfAborted();
      const options = this.#options(method, path, body === undefined ? null : JSON.stringify(body));
      const answer = await exchange(this.#pool, options, {
        clock: this.#clock,
        intendedMs: this.#clock.nowMs(),
        signal: either.signal,
      });
      signal?.throwIfAborted();
      if (answer.failure || answer.status === null) throw this.#away(answer.failure, timeoutMs);
      if (answer.status === 401 || answer.status === 403) throw this.keyNeeded();
      return { status: answer.status, json: parse(textOf(answer)) };
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }

  keyNeeded(): MeasureError {
    return new MeasureError(
      'key_needed',
      `${this.base} asks for a key, or does not take the one it got. Put it into an environment variable and name that one: --api-key-env MY_HOST_API_KEY`,
    );
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  #away(failure: Exchange['failure'], timeoutMs: number): MeasureError {
    const why =
      failure?.code === 'ECONNREFUSED'
        ? 'the connection is refused'
        : failure?.code === 'aborted'
          ? `no answer within ${timeoutMs / 1000} s`
          : (failure?.message ?? 'no answer');
    return new MeasureError(
      'host_away',
      `Nothing answers at ${this.base}: ${why}. Is the server up, and does it listen on the network (llama-swap: -listen 0.0.0.0:8080)?`,
    );
  }

  #options(method: 'GET' | 'POST', path: string, body: string | null): Dispatcher.DispatchOptions {
    return { method, path: `${this.#prefix}${path}`, headers: this.#headers, body };
  }
}
