import type { EvalFiles, EvalFinding, EvalOutcome, Problem } from '@boocontrol/contracts';
import type { SandboxBackend } from '@boocontrol/sandbox';

/** What an answer is worth. */
export interface Grade {
  outcome: EvalOutcome;
  /** Null: it passed. */
  reason: Problem | null;
  /** Of code: files as the answer leaves them; null: it has none. */
  files: EvalFiles | null;
  findings: EvalFinding[];
  /** What tests of code printed; null: nothing was run. */
  output: { stdout: string; stderr: string; isCut: boolean; sandbox: string } | null;
}

export interface GradingContext {
  /** Null: none is usable here. */
  sandbox: SandboxBackend | null;
  /** Of processes in the sandbox, e.g. the id of the run. */
  label: string;
  /** Ends what runs in the sandbox; grading then rejects with its reason. */
  signal: AbortSignal;
  /** Longest time of one test of code, in ms; absent: as a right answer never needs it. */
  testMs?: number;
}

export function graded(
  outcome: EvalOutcome,
  reason: Problem | null,
  findings: EvalFinding[] = [],
  files: EvalFiles | null = null,
): Grade {
  return { outcome, reason, files, findings, output: null };
}
