export type HostErrorCode =
  | 'refused'
  | 'timeout'
  | 'reset'
  | 'unauthorized'
  | 'dns'
  | 'tls'
  | 'http_error'
  | 'bad_answer'
  | 'not_found'
  | 'too_large'
  | 'rate_limited';

const RETRYABLE: ReadonlySet<HostErrorCode> = new Set([
  'refused',
  'timeout',
  'reset',
  'dns',
  'http_error',
  'rate_limited',
]);

/** What went wrong with a host; the message is a sentence for a person and says what to do. Never holds a secret. */
export class HostError extends Error {
  readonly isRetryable: boolean;
  /** Milliseconds that it asks to be left alone for; null: it does not say. */
  readonly retryAfterMs: number | null;
  constructor(
    readonly code: HostErrorCode,
    message: string,
    readonly status?: number,
    { retryAfterMs = null, ...options }: ErrorOptions & { retryAfterMs?: number | null } = {},
  ) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
    this.name = 'HostError';
    this.isRetryable = RETRYABLE.has(code) && (status === undefined || status >= 500 || status === 429);
  }
}

/** Causes nest, and a connection tried over several addresses fails with a list of errors. */
function systemCode(error: unknown, depth = 0): string {
  if (typeof error !== 'object' || error === null || depth > 4) return '';
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === 'string') return code;
  const inner = Array.isArray(errors) ? systemCode(errors[0], depth + 1) : '';
  return inner === '' ? systemCode(cause, depth + 1) : inner;
}

/** @param afterMs how long it was waited for; null when the connection itself says no more than that */
export function timeoutError(origin: string, afterMs: number | null, cause: unknown): HostError {
  const time = afterMs === null ? 'in time' : `within ${(afterMs / 1000).toFixed(1)} s`;
  const message = `${origin} did not answer ${time}. Check that the machine is up, reachable from here and not overloaded.`;
  return new HostError('timeout', message, undefined, { cause });
}

/** Turns what undici or Node threw into a HostError that names the address. @param server what should answer there, in words */
export function toHostError(error: unknown, origin: string, server = 'llama-swap'): HostError {
  if (error instanceof HostError) return error;
  const code = systemCode(error);
  const options = { cause: error };
  const name = error instanceof Error ? error.name : '';
  if (/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|EADDRNOTAVAIL)$/.test(code))
    return new HostError(
      'refused',
      `Nothing answers at ${origin} (${code}). Check that ${server} runs there and listens on that address and port.`,
      undefined,
      options,
    );
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return timeoutError(origin, null, error);
  if (/^(ENOTFOUND|EAI_AGAIN|EAI_FAIL|ENODATA)$/.test(code))
    return new HostError(
      'dns',
      `The name in ${origin} cannot be resolved (${code}). Check the spelling, or use the IP address.`,
      undefined,
      options,
    );
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY|EPROTO/.test(code))
    return new HostError(
      'tls',
      `No trusted TLS connection to ${origin} (${code}). Check the certificate, or use http:// on a trusted network.`,
      undefined,
      options,
    );
  if (name === 'HTTPParserError' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
    return new HostError(
      'bad_answer',
      `${origin} answers with something that is not HTTP (${code}). Check that the address is that of ${server}.`,
      undefined,
      options,
    );
  return new HostError(
    'reset',
    `The connection to ${origin} broke off${code === '' ? '' : ` (${code})`}. It is tried again.`,
    undefined,
    options,
  );
}

/** The error for an answer with an unwanted status. */
export function statusError(status: number, what: string, origin: string): HostError {
  if (status === 401 || status === 403)
    return new HostError(
      'unauthorized',
      `${origin} wants an API key (${status}). Set apiKeyEnv of this host to the environment variable that holds it.`,
      status,
    );
  if (status === 404) return new HostError('not_found', `${origin} does not have ${what} (404).`, status);
  if (status >= 300 && status < 400)
    return new HostError(
      'bad_answer',
      `${origin} redirects ${what} elsewhere (${status}). Use the address it redirects to.`,
      status,
    );
  return new HostError(
    'http_error',
    `${origin} answered ${status} to ${what}. Look at that host's log.`,
    status,
  );
}
