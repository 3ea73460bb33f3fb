import { CONFIRMABLE, type Problem, type Refusals } from '@boocontrol/contracts';

/** Codes of the platform itself; any call can fail with them. */
const PLATFORM_CODES = ['bad_request', 'unavailable', 'timeout', 'internal', 'bad_response'] as const;
export type PlatformRpcCode = (typeof PLATFORM_CODES)[number];

interface Traveller {
  code: string;
  message: string;
  details?: unknown;
}

/** As an error of a call travels. */
function travelling({ code, message, details }: Traveller): Problem {
  return {
    code,
    message,
    ...(CONFIRMABLE.has(code) ? { requiresConfirmation: true } : {}),
    ...(details === undefined ? {} : { details }),
  };
}

/** A call that could not be carried, or was no proper question or answer. The same on both ends of the bus. */
export class RpcError extends Error {
  readonly isRetryable: boolean;
  constructor(
    readonly code: PlatformRpcCode,
    message: string,
    readonly details?: unknown,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'RpcError';
    this.isRetryable = code === 'unavailable' || code === 'timeout';
  }

  toJSON(): Problem {
    return travelling(this);
  }
}

/** A call's own refusal: its code is one of the call's set. The same on both ends of the bus; made by `refuse`. */
export class CallError extends Error {
  constructor(
    readonly code: string,
    /** By which the gateway passes it on. */
    readonly httpStatus: number,
    message: string,
    readonly details?: unknown,
  ) {
    super(message);
    this.name = 'CallError';
  }

  toJSON(): Problem {
    return travelling(this);
  }
}

/** `throw refuse(calls.entry, 'not_found', 'There is no …')`. A code that is not in the call's set does not compile. */
export function refuse<Code extends string>(
  call: Refusals<Code>,
  code: NoInfer<Code>,
  message: string,
  details?: unknown,
): CallError {
  return new CallError(code, call.errors[code], message, details);
}

/** The error that a problem from the other end stands for; null when the code is neither the call's nor the platform's. */
export function errorOf(call: Refusals, { code, message, details }: Traveller): RpcError | CallError | null {
  if (Object.hasOwn(call.errors, code)) return refuse(call, code, message, details);
  const platformCode = PLATFORM_CODES.find((known) => known === code);
  return platformCode === undefined ? null : new RpcError(platformCode, message, details);
}
