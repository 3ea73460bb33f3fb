/** One finished request, with the fields in llama-swap's order. */
export interface ActivityRow {
  id: number;
  /** When the request ended. */
  timestamp: string;
  model: string;
  req_path: string;
  resp_content_type: string;
  resp_status_code: number;
  tokens: TokenFigures;
  duration_ms: number;
  has_capture: boolean;
  error_msg?: string;
  metadata?: Record<string, string>;
}

export interface TokenFigures {
  cache_tokens: number;
  /** Generations B and C only. */
  draft_tokens?: number;
  draft_acc_tokens?: number;
  input_tokens: number;
  output_tokens: number;
  prompt_per_second: number;
  tokens_per_second: number;
}

/** A row as the simulator remembers it for good, with what the wire does not tell. */
export interface LedgerRow {
  /** Counts the host's starts from 1; ids are unique only within one. */
  boot: number;
  source: string | undefined;
  userAgent: string | undefined;
  row: ActivityRow;
}
