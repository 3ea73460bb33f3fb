import { GATEWAY_ERROR_CODES, type GatewayErrorCode } from '@boocontrol/contracts';

const CODES: ReadonlySet<unknown> = new Set(GATEWAY_ERROR_CODES);
/** Asking again later may go well. */
const RETRYABLE: ReadonlySet<GatewayErrorCode> = new Set([
  'provider_offline',
  'provider_unhealthy',
  'host_leased',
  'no_candidate',
  'queue_full',
  'rate_limited',
  'upstream_error',
  'upstream_timeout',
]);

interface Told {
  /** HTTP status; 0: it came inside a stream that had begun. */
  status: number;
  /** `x-request-id`; `GET /api/routing/dispatches/{id}` has what happened. null: not told */
  requestId: string | null;
  /** Seconds; null: not told. */
  retryAfterS: number | null;
}

/** An error of the gateway itself; a host's own error passes through it unchanged and is none. */
export class GatewayError extends Error {
  readonly status: number;
  readonly requestId: string | null;
  readonly retryAfterS: number | null;
  /** true: asking again later may go well. */
  readonly isRetryable: boolean;

  constructor(
    readonly code: GatewayErrorCode,
    message: string,
    { status, requestId, retryAfterS }: Told,
  ) {
    super(message);
    this.name = 'GatewayError';
    this.status = status;
    this.requestId = requestId;
    this.retryAfterS = retryAfterS;
    this.isRetryable = RETRYABLE.has(code);
  }
}

const IN_BAND: Told = { status: 0, requestId: null, retryAfterS: null };

/**
 * The gateway's error in a body or in the data of a stream's event, in OpenAI's form or Anthropic's; null: it is none. Never
 * throws.
 * @param body as JSON.parse gives it
 */
export function readGatewayError(body: unknown, told: Partial<Told> = {}): GatewayError | null {
  const error = memberOf(body, 'error');
  // The Responses dialect says it beside `type`, in the event itself.
  const inner = typeof error === 'object' && error !== null ? error : body;
  const [code, message] = [memberOf(inner, 'code'), memberOf(inner, 'message')];
  if (!isCode(code)) return null;
  return new GatewayError(code, typeof message === 'string' ? message : code, { ...IN_BAND, ...told });
}

/**
 * The gateway's error in an answer; null: it went well, or the host that answered says itself what is wrong. The answer can
 * still be read afterwards.
 */
export async function gatewayErrorOf(response: Response): Promise<GatewayError | null> {
  if (response.ok) return null;
  let body: unknown;
  try {
    body = await response.clone().json();
  } catch {
    return null;
  }
  const after = Number(response.headers.get('retry-after') ?? NaN);
  return readGatewayError(body, {
    status: response.status,
    requestId: response.headers.get('x-request-id'),
    retryAfterS: Number.isFinite(after) ? after : null,
  });
}

const isCode = (value: unknown): value is GatewayErrorCode => CODES.has(value);

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
