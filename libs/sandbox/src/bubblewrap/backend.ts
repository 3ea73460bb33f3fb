import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { limitsOf, problemOfJob } from '../job.js';
import { commandLines, kill, mark, orphanMark, startTicks } from '../processes.js';
import { ended, exited } from '../result.js';
import { encode, filterProgram } from '../seccomp/program.js';
import type { FilterArch } from '../seccomp/syscalls.js';
import { lookAt } from '../supervise/look.js';
import { supervise } from '../supervise/supervise.js';
import type { SandboxBackend, SandboxJob, SandboxResult } from '../types.js';
import { bwrapArguments, FILTER_FD, FIRST_FILE_FD, READY_FD, STATUS_FD, WRITABLE } from './arguments.js';
import { inheritedDescriptors, onlyPipes } from './inherited.js';
import { explainBwrap } from './reason.js';
import { sandboxUser } from './user.js';

export interface BubblewrapOptions {
  /** The program, absolute. */
  bwrap: string;
  /** The root file system, absolute; readable for the sandbox's user. */
  rootfs: string;
  arch: FilterArch;
}

/** How long the kernel may take to end a namespace whose first process was killed. */
const GONE_WITHIN_MS = 5_000;

/** Sandboxes made by bubblewrap: without a daemon, without root, nothing on the host's disk. */
export class Bubblewrap implements SandboxBackend {
  readonly name = 'bubblewrap';
  private readonly filter: Buffer;

  constructor(private readonly options: BubblewrapOptions) {
    this.filter = encode(filterProgram(options.arch));
  }

  async run(job: SandboxJob): Promise<SandboxResult> {
    const problem = problemOfJob(job);
    if (problem !== null) return ended('harness_error', problem);
    try {
      return await this.runChecked(job);
    } catch (error) {
      return ended('harness_error', error instanceof Error ? error.message : String(error));
    }
  }

  async removeOrphans(): Promise<number> {
    const marks = new Set<string>();
    for (const { pid, args } of commandLines()) {
      const found = orphanMark(args);
      if (found === undefined) continue;
      marks.add(found);
      kill(pid);
    }
    return marks.size;
  }

  private async runChecked(job: SandboxJob): Promise<SandboxResult> {
    const limits = limitsOf(job);
    const ownMark = mark(job.label);
    const files = Object.values(job.files);
    const child = spawn(this.options.bwrap, bwrapArguments(this.options.rootfs, job, limits, ownMark), {
      ...sandboxUser(),
      cwd: '/',
      env: {},
      stdio: onlyPipes(FIRST_FILE_FD + files.length, inheritedDescriptors()),
    }) as ChildProcessByStdio<Writable, Readable, Readable>;
    const pipes: readonly unknown[] = child.stdio;
    const status = new Status(pipes[STATUS_FD] as Readable);
    handIn(pipes[FILTER_FD] as Writable, this.filter);
    files.forEach((text, index) => handIn(pipes[FIRST_FILE_FD + index] as Writable, text));
    const ending = await supervise({
      child,
      stdin: job.stdin ?? '',
      limits,
      signal: job.signal,
      ready: firstWord(pipes[READY_FD] as Readable),
      look: () =>
        status.pid === undefined ? undefined : lookAt(status.pid, WRITABLE, limits.memoryMb * 2 ** 20),
      stop: () => {
        child.kill('SIGKILL');
        if (child.exitCode !== null || child.signalCode !== null) removeRest(ownMark);
      },
    });
    if (status.pid !== undefined) await gone(status.pid, status.ticks);
    for (const stream of pipes) (stream as Readable | Writable | null | undefined)?.destroy();

    if (ending.spawnError !== null)
      return ended('harness_error', `bwrap does not start: ${ending.spawnError.message}`, ending);
    if (ending.stopped !== null) return ended(ending.stopped.outcome, ending.stopped.problem, ending);
    if (!ending.started) return ended('harness_error', explainBwrap(ending.stderr), ending);
    if (status.exitCode === undefined)
      return ended('killed', 'its processes were killed from outside', ending);
    return exited(status.exitCode, ending);
  }
}

/** Reads what bwrap says of the sandbox: {"child-pid": n, …} at first, {"exit-code": n} when the command has ended. */
class Status {
  pid: number | undefined;
  /** When the first process started, to tell it from a later one with its number. */
  ticks: number | undefined;
  exitCode: number | undefined;
  private rest = '';

  constructor(stream: Readable) {
    stream.on('error', () => undefined).setEncoding('utf8');
    stream.on('data', (text: string) => {
      const lines = (this.rest + text).split('\n');
      this.rest = lines.pop() ?? '';
      for (const line of lines) this.read(line);
    });
  }

  private read(line: string): void {
    const pid = /"child-pid"\s*:\s*(\d+)/.exec(line)?.[1];
    const code = /"exit-code"\s*:\s*(\d+)/.exec(line)?.[1];
    if (code !== undefined) this.exitCode = Number(code);
    if (pid === undefined) return;
    this.pid = Number(pid);
    this.ticks = startTicks(this.pid);
  }
}

function handIn(pipe: Writable, content: Buffer | string): void {
  // bwrap that ends before it has read everything says why on its standard error.
  pipe.on('error', () => undefined).end(content);
}

function firstWord(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    stream.on('error', () => undefined).once('data', () => resolve());
  });
}

/** bwrap that is killed while it sets up leaves a child behind that waits for it, and is not tied to it yet. */
function removeRest(ownMark: string): void {
  for (const { pid, args } of commandLines()) if (args.includes(ownMark)) kill(pid);
}

/** Waits until the first process of a sandbox, and with it all of them, is gone. */
async function gone(pid: number, ticks: number | undefined): Promise<void> {
  const deadline = performance.now() + GONE_WITHIN_MS;
  while (ticks !== undefined && startTicks(pid) === ticks && performance.now() < deadline) {
    kill(pid);
    await delay(5);
  }
}
