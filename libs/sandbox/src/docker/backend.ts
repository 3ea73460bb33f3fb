import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { WRITABLE } from '../bubblewrap/arguments.js';
import { limitsOf, problemOfJob } from '../job.js';
import { mark, orphanMark } from '../processes.js';
import { ended, exited } from '../result.js';
import { lookAt } from '../supervise/look.js';
import type { Look } from '../supervise/look.js';
import { supervise } from '../supervise/supervise.js';
import type { Ending } from '../supervise/supervise.js';
import type { SandboxBackend, SandboxJob, SandboxResult } from '../types.js';
import { afterAnnouncement } from './announced.js';
import { dockerArguments, filesAsInput, READY } from './arguments.js';
import { lastLine } from './client.js';
import type { DockerClient } from './client.js';

export interface DockerOptions {
  client: DockerClient;
  /** Id of the image, `sha256:…`. */
  image: string;
  /** File with the filter of system calls. */
  profile: string;
}

/** As `docker inspect` has it. */
interface State {
  Pid: number;
  ExitCode: number;
  OOMKilled: boolean;
  Error: string;
}

/** Sandboxes made by Docker: a fresh container for each run. */
export class Docker implements SandboxBackend {
  readonly name = 'docker';

  constructor(private readonly options: DockerOptions) {}

  async run(job: SandboxJob): Promise<SandboxResult> {
    const problem = problemOfJob(job);
    if (problem !== null) return ended('harness_error', problem);
    const owner = `${hostname()} ${mark(job.label)}`;
    const container = owner.slice(owner.indexOf(' ') + 1).replaceAll(':', '-');
    let started = false;
    try {
      const ending = await this.supervised(job, owner, container);
      started = ending.started;
      return resultOf(ending, await this.state(container));
    } catch (error) {
      return ended('harness_error', error instanceof Error ? error.message : String(error));
    } finally {
      await this.remove(container, started);
    }
  }

  async removeOrphans(): Promise<number> {
    const format = '{{.ID}}\t{{.Label "boocontrol-owner"}}';
    const listed = await this.options.client.run([
      'ps',
      '--all',
      '--filter',
      'label=boocontrol-owner',
      '--format',
      format,
    ]);
    const orphans = listed.stdout.split('\n').flatMap((line) => {
      const [id = '', owner = ''] = line.split('\t');
      const [host, made] = owner.split(' ');
      return host === hostname() && made !== undefined && orphanMark([made]) !== undefined ? [id] : [];
    });
    if (orphans.length > 0) await this.options.client.run(['rm', '--force', ...orphans], 60_000);
    return orphans.length;
  }

  private async supervised(job: SandboxJob, owner: string, name: string): Promise<Ending> {
    const { client, image, profile } = this.options;
    const limits = limitsOf(job);
    const child = client.start(dockerArguments({ name, owner, image, profile }, job, limits));
    const { rest, ready } = afterAnnouncement(child.stderr, READY);
    let pid: number | undefined;
    void ready.then(async () => {
      pid = await this.visiblePid(name);
    });
    const look = (): Look | undefined =>
      pid === undefined ? undefined : lookAt(pid, WRITABLE, limits.memoryMb * 2 ** 20);
    return supervise({
      child,
      stderr: rest,
      stdin: `${filesAsInput(job)}${job.stdin ?? ''}`,
      limits,
      signal: job.signal,
      ready,
      look,
      stop: () => {
        void client.run(['kill', name]);
        child.kill('SIGKILL');
      },
    });
  }

  /** Its first process, where it runs on this machine and we may look at it (as root). */
  private async visiblePid(name: string): Promise<number | undefined> {
    const found = await this.options.client.run(['inspect', '--format', '{{.State.Pid}} {{.Id}}', name]);
    const [pid = '', id = ''] = found.stdout.trim().split(' ');
    try {
      return id !== '' && readFileSync(`/proc/${pid}/cgroup`, 'latin1').includes(id)
        ? Number(pid)
        : undefined;
    } catch {
      return undefined;
    }
  }

  private async state(name: string): Promise<State | undefined> {
    const found = await this.options.client.run(['inspect', '--format', '{{json .State}}', name]);
    return found.code === 0 ? (JSON.parse(found.stdout) as State) : undefined;
  }

  /** A command that was stopped while the container was being made may leave it behind a moment later. */
  private async remove(name: string, started: boolean): Promise<void> {
    for (let tries = started ? 1 : 5; tries > 0; tries -= 1) {
      const removed = await this.options.client.run(['rm', '--force', name], 60_000);
      if (removed.code === 0 && removed.stdout.trim() !== '') return;
      await delay(100);
    }
  }
}

function resultOf(ending: Ending, state: State | undefined): SandboxResult {
  if (ending.spawnError !== null)
    return ended('harness_error', `docker does not start: ${ending.spawnError.message}`, ending);
  if (ending.stopped !== null) return ended(ending.stopped.outcome, ending.stopped.problem, ending);
  if (!ending.started || state === undefined)
    return ended('harness_error', lastLine(ending.stderr) || 'docker ended without a word', ending);
  if (state.OOMKilled) return ended('oom', 'the kernel ended it: it took more memory than allowed', ending);
  return exited(state.ExitCode, ending);
}
