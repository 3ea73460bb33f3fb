import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LogFile } from './log-file.js';

export interface ChildSpec {
  name: string;
  /** Script that this Node runs. */
  script: string;
  args?: string[];
  env: Record<string, string>;
}

const FIRST_RESTART_MS = 500;
const LAST_RESTART_MS = 15_000;
/** A process that ran this long is not in a crash loop. */
const HEALTHY_MS = 60_000;
/** A process that exits this soon after its very first start refuses to run, and its last lines say why. */
const EARLY_MS = 10_000;
const STOP_MS = 12_000;

/**
 * Keeps one process running: its output goes to `<logDir>/<name>.log`, and when it ends without
 * being asked it is started again with growing pauses, unless it refused to run at all (`refused` gets its last words). Our end of its stdin tells it when we are gone, even by kill -9.
 */
export class Child {
  #process: ChildProcess | null = null;
  #stopping = false;
  #restartMs = FIRST_RESTART_MS;
  #tail: string[] = [];
  #starts = 0;

  constructor(
    readonly spec: ChildSpec,
    private readonly logDir: string,
    private readonly say: (text: string) => void,
    private readonly refused: (why: string) => void,
  ) {}

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  /** Its last lines of output, for an error message. */
  get tail(): string {
    return this.#tail.join('\n');
  }

  start(): void {
    const { name, script, args = [], env } = this.spec;
    const startedAt = Date.now();
    this.#starts += 1;
    this.#tail = [];
    const log = new LogFile(join(this.logDir, `${name}.log`));
    const child = spawn(process.execPath, [script, ...args], {
      env: { ...process.env, ...env, BOOCONTROL_EXIT_WITH_PARENT: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        log.write(text);
        this.#tail = [...this.#tail, ...text.split('\n').filter((line) => line !== '')].slice(-12);
      });
    }
    child.on('error', (error) => this.say(`${name} could not be started: ${error.message}`));
    child.on('close', (code, signal) => {
      log.close();
      this.#process = null;
      if (this.#stopping) return;
      if (this.#starts === 1 && code !== null && Date.now() - startedAt < EARLY_MS) {
        this.#stopping = true;
        this.refused(this.#tail.join('\n'));
        return;
      }
      if (Date.now() - startedAt > HEALTHY_MS) this.#restartMs = FIRST_RESTART_MS;
      this.say(
        `${name} ended (${signal ?? `exit code ${code}`}) and is started again; its log is ${log.path}`,
      );
      const waitMs = this.#restartMs;
      this.#restartMs = Math.min(this.#restartMs * 2, LAST_RESTART_MS);
      setTimeout(() => {
        if (!this.#stopping) this.start();
      }, waitMs);
    });
  }

  /** SIGTERM, and SIGKILL when that was not enough. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#process;
    if (!child) return;
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    const inTime = await Promise.race([closed.then(() => true), delay(STOP_MS, false, { ref: false })]);
    if (inTime) return;
    child.kill('SIGKILL');
    await closed;
  }
}
