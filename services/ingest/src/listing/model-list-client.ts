import { v1Of, type Provider } from '@boocontrol/contracts';
import { HostError, HostHttp, type Answer } from '@boocontrol/llama-swap';

/** OpenRouter's list of 400 models with their descriptions is about 1 MB. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Says to another BooControl that a gateway asks: it then leaves out what it has from gateways behind it. */
const ASKED_BY_GATEWAY = { 'x-boo-hops': '1' };

/**
 * GET /v1/models of a provider. Redirects are not followed, so its key goes to its own address alone; the answer is bounded in
 * time and size.
 */
export class ModelListClient {
  private readonly http: HostHttp;
  private readonly url: string;

  constructor(
    private readonly provider: Pick<Provider, 'baseUrl' | 'apiKeyEnv'>,
    key: { apiKey?: string },
    private readonly timeoutMs: number,
  ) {
    const baseUrl = v1Of(provider.baseUrl);
    this.url = `${baseUrl}/models`;
    this.http = new HostHttp({ baseUrl, ...key }, { server: 'the service', connections: 1 });
  }

  /**
   * The answer's JSON, unchecked.
   * @throws {HostError} when there is none: by status, `rate_limited` with how long to wait, `bad_answer` when it is not JSON
   * @throws the signal's reason when that fired
   */
  async read(signal: AbortSignal): Promise<unknown> {
    const answer = await this.http.ask(
      { method: 'GET', path: '/models', headers: ASKED_BY_GATEWAY },
      { signal, timeoutMs: this.timeoutMs, maxBytes: MAX_BYTES },
    );
    if (answer.status !== 200) throw this.refused(answer);
    try {
      return JSON.parse(answer.text) as unknown;
    } catch (cause) {
      throw this.noList('something that is not JSON', cause);
    }
  }

  /** The error for an answer in which there is no list. @param what it is instead, in words */
  noList(what: string, cause?: unknown): HostError {
    const message = `${this.url} answers with ${what}. Check the address: /v1 is added to it where its path names no version.`;
    return new HostError('bad_answer', message, 200, { cause });
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private refused({ status, retryAfter }: Answer): HostError {
    const { url, provider } = this;
    const options = { retryAfterMs: waitOf(retryAfter, Date.now()) };
    if (status === 401 || status === 403) {
      const { apiKeyEnv } = provider;
      const message =
        apiKeyEnv === undefined
          ? `${url} wants an API key (${status}). Name the environment variable that holds it as this provider’s apiKeyEnv.`
          : `${url} refuses the API key in ${apiKeyEnv} (${status}). Check that it is right and not expired, then start ingest again with it.`;
      return new HostError('unauthorized', message, status, options);
    }
    if (status === 429)
      return new HostError(
        'rate_limited',
        `${url} is asked too often (429). It is left alone for a while.`,
        status,
        options,
      );
    if (status === 404 || status === 405) {
      const message = `${url} is not there (${status}). Check the address: /v1 is added to it where its path names no version.`;
      return new HostError('not_found', message, status, options);
    }
    if (status >= 300 && status < 400) {
      const message = `${url} redirects elsewhere (${status}), where the API key is not sent. Use the address it redirects to.`;
      return new HostError('bad_answer', message, status, options);
    }
    return new HostError('http_error', `${url} answered ${status}. It is tried again.`, status, options);
  }
}

/** Milliseconds of a Retry-After header: seconds, or a date (RFC 9110, 10.2.3). null: it does not say. */
export function waitOf(retryAfter: string, nowMs: number): number | null {
  const text = retryAfter.trim();
  if (text === '') return null;
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
