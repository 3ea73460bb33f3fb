/** What one run may take. Everything beyond it ends the run, and the outcome says which limit it was. */
export interface SandboxLimits {
  /** From the moment the command starts, in ms. */
  readonly wallMs: number;
  /** Of all processes of the run together, in seconds. */
  readonly cpuSeconds: number;
  /** Of all processes of the run together, resident, and what lies in their folders, in MB (2^20 bytes). */
  readonly memoryMb: number;
  /** Processes and threads at a time. Node alone has about a dozen threads. */
  readonly processes: number;
  /** Of standard output, and again of standard error. */
  readonly outputBytes: number;
  /** Room in the work folder, in MB. */
  readonly workMb: number;
  /** The largest file that may be written, in MB. */
  readonly fileMb: number;
}

export const DEFAULT_LIMITS: SandboxLimits = {
  wallMs: 20_000,
  cpuSeconds: 30,
  memoryMb: 512,
  processes: 32,
  outputBytes: 1_048_576,
  workMb: 64,
  fileMb: 32,
};

export interface SandboxJob {
  /** Relative path in the work folder → text. See `problemOfFiles` for what a path may be. */
  readonly files: Readonly<Record<string, string>>;
  /** Started in the work folder, found on the sandbox's own path: `['python3', '-I', 'driver.py']`, `['node', 'driver.mjs']`. */
  readonly command: readonly string[];
  /** Absent: an empty standard input. */
  readonly stdin?: string;
  /** Nothing of our own environment is handed in; these are. */
  readonly env?: Readonly<Record<string, string>>;
  /** What differs from DEFAULT_LIMITS. */
  readonly limits?: Partial<SandboxLimits>;
  /** Ends the run, as `killed`. */
  readonly signal?: AbortSignal;
  /** The run that it belongs to, for whoever looks at processes: letters, digits, `.`, `_` and `-`. */
  readonly label: string;
}

/**
 * exited: the command ended by itself, whatever its exit code; timeout: the wall clock or the CPU time ran out; oom: more
 * memory than allowed; output_limit: it wrote more than allowed; killed: the caller's signal, or its processes were killed from
 * outside; harness_error: the sandbox itself did not work, or the job cannot be run; nothing follows for the command.
 */
export type SandboxOutcome = 'exited' | 'timeout' | 'oom' | 'output_limit' | 'killed' | 'harness_error';

export interface SandboxResult {
  readonly outcome: SandboxOutcome;
  /** As a shell has it: 128 + n for a command that signal n ended. Null unless it exited. */
  readonly exitCode: number | null;
  /** The name of that signal. A command may also claim one by its exit code. */
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** It wrote more than is here. */
  readonly stdoutCut: boolean;
  readonly stderrCut: boolean;
  /** From the start of the command to its end; 0 when it never started. */
  readonly wallMs: number;
  /** Of all its processes, at the last look of the supervisor; null when it ended before the first. */
  readonly cpuMs: number | null;
  /** The most that a look of the supervisor saw; null when it ended before the first. */
  readonly peakMemoryMb: number | null;
  /** Why it is a harness error, or which limit ended it; null when it exited. */
  readonly problem: string | null;
}

export interface SandboxBackend {
  readonly name: 'bubblewrap' | 'docker';
  /** Runs a job to its end and cleans up after it. Never rejects: what goes wrong with the sandbox is a `harness_error`. */
  run(job: SandboxJob): Promise<SandboxResult>;
  /** Ends what runs of a supervisor that is gone. Resolves with how many sandboxes that were. */
  removeOrphans(): Promise<number>;
}
