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

/** Between two looks for what a process that is gone has left running. */
const ORPHANS_EVERY_MS = 3_600_000;

/** Where code of models may run: opened once, when it is first needed or the process has started. */
@Injectable()
export class Sandboxes implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private opened: Promise<OpenedSandboxes> | null = null;
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

  all(): Promise<OpenedSandboxes> {
    this.opened ??= openSandboxes({ folder: this.config.BOOCONTROL_SANDBOX });
    return this.opened;
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
