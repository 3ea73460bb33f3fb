export type MeasureErrorCode =
  /** Nothing answers at the address. */
  | 'host_away'
  /** It answers, and is nothing that can be measured. */
  | 'not_a_model_host'
  | 'key_needed'
  | 'model_unknown'
  | 'model_needed'
  /** The model did not load, or answers nothing but errors. */
  | 'model_failed'
  /** What was asked for cannot be measured: the suite, or the file it came from. */
  | 'bad_suite';

/** Why nothing was measured, in words for whoever asked. */
export class MeasureError extends Error {
  override readonly name = 'MeasureError';
  constructor(
    readonly code: MeasureErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
