export type PublishErrorCode =
  /** No acknowledgement in time, or the connection went away before it came. The message may be stored or not. */
  | 'timeout'
  /** No stream takes this subject (or JetStream is not up yet). */
  | 'no_stream'
  /** `expectLastSubjectSeq` did not hold: somebody else was first. */
  | 'wrong_last_sequence'
  /** The server refused; jsErrorCode says why. */
  | 'rejected'
  /** The publisher or its connection is closed, or the caller's signal fired. */
  | 'closed';

/** nats-server errors.json. */
export const JS_ERROR = {
  clusterNotAvailable: 10008,
  insufficientResources: 10023,
  memoryResourcesExceeded: 10028,
  storageResourcesExceeded: 10047,
  wrongLastSequence: 10071,
  /** The stream could not keep the message: its limits with `discard: new`, or the disk. */
  storeFailed: 10077,
  streamOffline: 10118,
  wrongLastSequenceUnknown: 10164,
} as const;

const RETRYABLE_JS_CODES: ReadonlySet<number> = new Set([
  JS_ERROR.clusterNotAvailable,
  JS_ERROR.insufficientResources,
  JS_ERROR.memoryResourcesExceeded,
  JS_ERROR.storageResourcesExceeded,
  JS_ERROR.storeFailed,
  JS_ERROR.streamOffline,
]);

/** True for an `err_code` of the JetStream API that can go away by itself. */
export function isRetryableJsCode(code: number): boolean {
  return RETRYABLE_JS_CODES.has(code);
}

/** Whether a compare-and-set lost: the subject or key has moved on since it was read. */
function isWrongLastSequence(jsCode: number | undefined): boolean {
  return jsCode === JS_ERROR.wrongLastSequence || jsCode === JS_ERROR.wrongLastSequenceUnknown;
}

/** Why a message was not acknowledged. Repeating a retryable one is safe when it has a msgId. */
export class PublishError extends Error {
  readonly isRetryable: boolean;
  constructor(
    readonly code: PublishErrorCode,
    readonly subject: string,
    message: string,
    /** `err_code` of the server's answer; see JS_ERROR. */
    readonly jsErrorCode?: number,
    options?: ErrorOptions,
  ) {
    super(`${message} (subject ${subject})`, options);
    this.name = 'PublishError';
    this.isRetryable =
      code === 'timeout' ||
      code === 'no_stream' ||
      (code === 'rejected' && jsErrorCode !== undefined && isRetryableJsCode(jsErrorCode));
  }
}

/** The typed error for an error in a publish acknowledgement (`{error: {code, err_code, description}}`). */
export function fromAckError(
  subject: string,
  error: { err_code?: number; description?: string },
): PublishError {
  const jsCode = error.err_code;
  const code = isWrongLastSequence(jsCode) ? 'wrong_last_sequence' : 'rejected';
  return new PublishError(code, subject, error.description ?? 'The server refused the message', jsCode);
}
