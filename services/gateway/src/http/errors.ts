import type { ErrorBody } from '@boocontrol/contracts';

/** HTTP status by error code. Codes that are not here are answered with 500. */
export const STATUS_OF = {
  bad_request: 400,
  validation: 400,
  unauthorized: 401,
  wrong_token: 401,
  host_not_allowed: 403,
  origin_not_allowed: 403,
  not_found: 404,
  method_not_allowed: 405,
  exists: 409,
  address_taken: 409,
  conflict: 409,
  provider_disabled: 409,
  too_many_protected: 409,
  built_in: 409,
  precondition_failed: 412,
  too_large: 413,
  unsupported_media_type: 415,
  range_not_satisfiable: 416,
  rate_limited: 429,
  internal: 500,
  bad_upstream_answer: 502,
  starting: 503,
  unavailable: 503,
  timeout: 504,
} as const;
export type ApiErrorCode = keyof typeof STATUS_OF;

/** An answer of /api that is not the one asked for. */
export class ApiError extends Error {
  readonly status: number;
  constructor(
    readonly code: ApiErrorCode,
    message: string,
    readonly details?: unknown,
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = STATUS_OF[code];
  }

  get body(): ErrorBody {
    const { code, message, details } = this;
    return { error: details === undefined ? { code, message } : { code, message, details } };
  }
}
