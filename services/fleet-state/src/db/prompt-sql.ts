// `promptOf` of fleet-model over fleet.requests, for rows that are older than its columns; a test holds both together.

const IS_OPEN = `cache_tokens > 0 AND cache_tokens <= input_tokens AND req_path !~ '/messages$'`;
const HAS_RATES = `(prompt_tps IS NOT NULL OR gen_tps IS NOT NULL)`;

/** The whole prompt, new and cached tokens; NULL where it was not reported. */
export const PROMPT_TOKENS = `
  CASE
    WHEN prompt_counts IS NOT NULL THEN prompt_tokens
    WHEN ${IS_OPEN} AND NOT ${HAS_RATES} THEN input_tokens
    ELSE input_tokens + coalesce(cache_tokens, 0)
  END`;

export const PROMPT_COUNTS = `
  coalesce(prompt_counts, CASE WHEN ${IS_OPEN} AND ${HAS_RATES} THEN 'uncertain' ELSE 'known' END)`;
