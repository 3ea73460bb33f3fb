import { calls, type EvalSandboxes } from '@boocontrol/contracts';
import { CONFIG, LOG, Rounds, Serve, type Log } from '@boocontrol/platform';
import { openSandboxes, type OpenedSandboxes, type SandboxBackend } from '@boocontrol/sandbox';
import {
  Controller,
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { EvalsConfig } from '../config.js';
import { atOnce } from './at-once.js';

/** Between two looks for what a process that is gone has left running. */
const ORPHANS_EVERY_MS = 3_600_000;

/** So many runs at the same time, whatever asks for them. */
const AT_ONCE = 4;
const AGAIN_MS = 30_000;

/** Where code of models may run: opened once, when it is first needed or the process has started. */
@Injectable()
export class Sandboxes implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private opened: Promise<OpenedSandboxes> | null = null;
  /** By the monotonic clock of this process: from then on it is opened anew. */
  private againMs = Infinity;
  private readonly rounds: Rounds;

  constructor(
    @Inject(CONFIG) private readonly config: EvalsConfig,
    @Inject(LOG) log: Log,
  ) {
    this.rounds = new Rounds({
      log,
      everyMs: ORPHANS_EVERY_MS,
      trouble: 'what was left in the sandbox could not be removed',
      round: async () => {
        for (const backend of (await this.all()).usable) await backend.removeOrphans();
      },
    });
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  /** The one to take; null: none is usable here. */
  async first(): Promise<SandboxBackend | null> {
    return (await this.all()).usable[0] ?? null;
  }

  /** Why none is usable, in words; null: one is. */
  async whyNone(): Promise<string | null> {
    const { usable, refused } = await this.all();
    if (usable.length > 0) return null;
    const why = refused.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
    return `No sandbox is usable on this machine, so code of models is not run (${why}).`;
  }

  /** Where none is usable it is tried again after a while: the sandbox may still be on its way to this machine. */
  all(): Promise<OpenedSandboxes> {
    if (this.opened === null || performance.now() > this.againMs) {
      this.againMs = Infinity;
      this.opened = this.open();
    }
    return this.opened;
  }

  private async open(): Promise<OpenedSandboxes> {
    const folder = this.config.BOOCONTROL_SANDBOX;
    let isUsable = false;
    try {
      const opened = await openSandboxes({
        folder,
        ...(folder === undefined ? {} : { cacheDir: `${folder}.passed` }),
      });
      isUsable = opened.usable.length > 0;
      return { ...opened, usable: opened.usable.map((backend) => atOnce(backend, AT_ONCE)) };
    } finally {
      if (!isUsable) this.againMs = performance.now() + AGAIN_MS;
    }
  }
}

@Controller()
export class SandboxesController {
  constructor(@Inject(Sandboxes) private readonly sandboxes: Sandboxes) {}

  @Serve(calls.evalSandboxes)
  async tell(): Promise<EvalSandboxes> {
    const { usable, refused } = await this.sandboxes.all();
    return { usable: usable.map(({ name }) => name), refused: [...refused] };
  }
}
