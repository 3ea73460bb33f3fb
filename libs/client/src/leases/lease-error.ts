export type LeaseErrorCode =
  /** The bus did not answer in time. What was asked for may have happened or not; an entry that it made expires by itself. */
  | 'unavailable'
  /** The bucket is not there: no BooControl has ever run on this bus, or it is just being set up. */
  | 'no_bucket'
  /** The host’s entry is none that this version can read. It expires like any other. */
  | 'unreadable_entry';

/** Why nothing can be said about a lease. That somebody else has it is no error. */
export class LeaseError extends Error {
  readonly isRetryable: boolean;
  constructor(
    readonly code: LeaseErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'LeaseError';
    this.isRetryable = code !== 'no_bucket';
  }
}

/** The reason of a lease’s `lost` signal. */
export class LeaseLostError extends Error {
  constructor(
    /** taken_over: somebody ended it; lost: it could not be kept, or is gone. */
    readonly code: 'lost' | 'taken_over',
    message: string,
    /** Who took over, where that is known. */
    readonly by?: string,
  ) {
    super(message);
    this.name = 'LeaseLostError';
  }
}
