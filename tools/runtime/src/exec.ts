import { spawn } from 'node:child_process';

export interface ExecOptions {
  cwd?: string;
  /** The whole environment of the child, not an addition to ours. */
  env?: NodeJS.ProcessEnv;
  /** Written to its standard input, which is then closed. */
  input?: string;
  uid?: number;
  gid?: number;
  /** After this the child is killed and `timedOut` is set. Default 10 minutes. */
  timeoutMs?: number;
}

export interface ExecResult {
  /** Exit code, or -1 when it could not be started or was killed. */
  code: number;
  stdout: string;
  stderr: string;
  /** The program does not exist on PATH. */
  missing: boolean;
  timedOut: boolean;
}

/** Runs a program to its end and collects what it said. Never throws; a failure is in the result. */
export function exec(
  command: string,
  args: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  return new Promise((resolve) => {
    const { input, timeoutMs = 600_000, ...spawnOptions } = options;
    const child = spawn(command, args, { ...spawnOptions, stdio: 'pipe' });
    let stdout = '';
    let stderr = '';
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    const finish = (code: number, missing: boolean): void => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr, missing, timedOut });
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', (error: NodeJS.ErrnoException) => {
      stderr += error.message;
      finish(-1, error.code === 'ENOENT');
    });
    child.once('close', (code) => finish(code ?? -1, false));
    // A child that ends without reading its input breaks the pipe; its exit code tells the story.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}

/** The last lines of a text, for an error message. */
export function lastLines(text: string, count: number): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
