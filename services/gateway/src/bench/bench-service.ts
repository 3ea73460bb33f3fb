import { PASSED_ON_ERRORS } from '../rpc/ask-service.js';

const name = 'The bench service, which measures hosts,';

/** For a question. */
export const QUESTION = { name, timeoutMs: 10_000 };
/** For what changes something. */
export const COMMAND = {
  name,
  timeoutMs: 20_000,
  afterTimeout: 'It may have been done all the same: look at GET /api/bench/runs before you ask again.',
};

export const TAG = 'bench';
export const ERRORS = PASSED_ON_ERRORS;
export const BODY_ERRORS = [...PASSED_ON_ERRORS, 'too_large', 'unsupported_media_type'] as const;
