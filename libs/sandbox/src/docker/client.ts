import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

export interface Said {
  /** -1: it could not be started, or took too long. */
  code: number;
  stdout: string;
  stderr: string;
}

/** The docker command line; it knows by itself where its daemon is (DOCKER_HOST, contexts). */
export class DockerClient {
  /** Starts it with the three standard streams as pipes. */
  start(args: readonly string[]): ChildProcessByStdio<Writable, Readable, Readable> {
    return spawn('docker', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  }

  /** Runs it to its end. Never rejects. */
  run(args: readonly string[], timeoutMs = 20_000, input?: Readable): Promise<Said> {
    return new Promise((resolve) => {
      const child = this.start(args);
      const said: Said = { code: -1, stdout: '', stderr: '' };
      const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
      const finish = (code: number): void => {
        clearTimeout(timer);
        resolve({ ...said, code });
      };
      child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
      child.once('error', (error) => {
        said.stderr += error.message;
        finish(-1);
      });
      child.once('close', (code) => finish(code ?? -1));
      child.stdin.on('error', () => undefined);
      if (input === undefined) child.stdin.end();
      else input.pipe(child.stdin);
    });
  }
}

export const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
