import { once } from 'node:events';
import type { ChildProcessByStdio } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Readable, Writable } from 'node:stream';
import type { SandboxLimits, SandboxOutcome } from '../types.js';
import { Capture } from './capture.js';
import type { Look } from './look.js';

export interface Supervised {
  child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** Default: the child's. */
  stderr?: Readable;
  stdin: string;
  limits: SandboxLimits;
  signal: AbortSignal | undefined;
  /** Resolves when the command is about to start: the clock runs from then on. */
  ready: Promise<void>;
  /** What it holds now; called once the command is about to start. */
  look: () => Look | undefined;
  /** Kills everything of it, at once. Called once more when the child has ended. */
  stop: () => void;
}

export interface Ending {
  /** Of the child itself; null when a signal ended it or it never started. */
  code: number | null;
  /** The command was about to start. */
  started: boolean;
  /** Why the supervisor ended it; null: it did not. */
  stopped: { outcome: Exclude<SandboxOutcome, 'exited'>; problem: string } | null;
  /** The child could not be started. */
  spawnError: Error | null;
  stdout: string;
  stderr: string;
  stdoutCut: boolean;
  stderrCut: boolean;
  wallMs: number;
  cpuMs: number | null;
  peakMemoryMb: number | null;
}

/** Between two looks: what a process can take meanwhile, some hundred MB, is more than its limit at worst. */
const LOOK_EVERY_MS = 20;
/** For the sandbox to be set up, on a slow disk too. */
const SETUP_MS = 30_000;
/** For the pipes to close when every process is gone. */
const DRAIN_MS = 2_000;
const MB = 2 ** 20;

/** Watches a child until it has ended, by itself or stopped for a limit. Never rejects. */
export async function supervise({
  child,
  stderr: errors,
  stdin,
  limits,
  signal,
  ready,
  look,
  stop,
}: Supervised): Promise<Ending> {
  let stopped: Ending['stopped'] = null;
  let startedAt: number | undefined;
  let cpuMs: number | null = null;
  let peak: number | null = null;
  const end = (outcome: Exclude<SandboxOutcome, 'exited'>, problem: string): void => {
    stopped ??= { outcome, problem };
    stop();
  };
  const flooded = (): void =>
    end('output_limit', `it wrote more than ${limits.outputBytes} bytes; what is here is cut`);
  const stdout = new Capture(limits.outputBytes, flooded);
  const stderr = new Capture(limits.outputBytes, flooded);
  child.stdout.on('data', (chunk: Buffer) => stdout.add(chunk));
  (errors ?? child.stderr).on('data', (chunk: Buffer) => stderr.add(chunk));
  // A command that ends without reading its input breaks the pipe.
  child.stdin.on('error', () => undefined).end(stdin);

  const check = (): void => {
    const seen = look();
    if (seen === undefined) return;
    peak = Math.max(peak ?? 0, seen.memoryBytes);
    cpuMs = Math.max(cpuMs ?? 0, seen.cpuMs);
    if (seen.memoryBytes > limits.memoryMb * MB)
      end('oom', `its processes and files took more than ${limits.memoryMb} MB of memory`);
    else if (seen.cpuMs > limits.cpuSeconds * 1000)
      end('timeout', `its processes took more than ${limits.cpuSeconds} s of CPU time`);
  };
  const timers: NodeJS.Timeout[] = [
    setTimeout(() => {
      if (startedAt === undefined) end('harness_error', `it was not set up within ${SETUP_MS / 1000} s`);
    }, SETUP_MS),
  ];
  const aborted = (): void => end('killed', 'it was called off');
  if (signal?.aborted === true) aborted();
  signal?.addEventListener('abort', aborted, { once: true });
  void ready.then(() => {
    if (hasEnded) return;
    startedAt = performance.now();
    timers.push(
      setTimeout(() => end('timeout', `it took longer than ${limits.wallMs} ms`), limits.wallMs),
      setInterval(check, LOOK_EVERY_MS),
    );
    check();
  });

  let hasEnded = false;
  let spawnError: Error | null = null;
  const closed = once(child, 'close').catch(() => undefined);
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      spawnError = error;
      resolve();
    });
  });
  const endedAt = performance.now();
  // What it has left holds the pipes.
  stop();
  await Promise.race([closed, delay(DRAIN_MS, undefined, { ref: false })]);
  hasEnded = true;
  for (const timer of timers) clearTimeout(timer);
  signal?.removeEventListener('abort', aborted);
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
  return {
    code: child.exitCode,
    started: startedAt !== undefined,
    stopped,
    spawnError,
    stdout: stdout.text(),
    stderr: stderr.text(),
    stdoutCut: stdout.cut,
    stderrCut: stderr.cut,
    wallMs: startedAt === undefined ? 0 : Math.max(0, Math.round(endedAt - startedAt)),
    cpuMs,
    peakMemoryMb: peak === null ? null : Math.round((peak / MB) * 10) / 10,
  };
}
