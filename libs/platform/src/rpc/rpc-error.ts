/** Codes that the platform itself uses; a service adds its own. */
export type PlatformRpcCode = 'bad_request' | 'unavailable' | 'timeout' | 'internal' | 'bad_response';

/** The error of a command or query, the same on both ends of the bus: `{code, message, details?}`. */
export class RpcError extends Error {
  readonly isRetryable: boolean;
  constructor(
    readonly code: PlatformRpcCode | (string & {}),
    message: string,
    readonly details?: unknown,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'RpcError';
    this.isRetryable = code === 'unavailable' || code === 'timeout';
  }

  /** As it travels. */
  toJSON(): { code: string; message: string; details?: unknown } {
    const { code, message, details } = this;
    return details === undefined ? { code, message } : { code, message, details };
  }
}
