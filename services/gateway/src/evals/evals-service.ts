import { PASSED_ON_ERRORS } from '../rpc/ask-service.js';

const name = 'The evals service, which asks models and grades them,';
const afterTimeout = 'It may have been done all the same: look at GET /api/evals/runs before you ask again.';

/** For a question. */
export const QUESTION = { name, timeoutMs: 10_000 };
/** For what changes something. */
export const COMMAND = { name, timeoutMs: 20_000, afterTimeout };
/** For what may run code in the sandbox. */
export const GRADING = {
  name,
  timeoutMs: 120_000,
  afterTimeout: 'It may be graded all the same: look at the sample before you ask again.',
};

export const TAG = 'evals';
export const ERRORS = PASSED_ON_ERRORS;
export const BODY_ERRORS = [...PASSED_ON_ERRORS, 'too_large', 'unsupported_media_type'] as const;
