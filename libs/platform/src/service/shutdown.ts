import type { Log } from '../logs/logger.js';

/** What has to be finished before the process ends. Hooks run one after the other, in the order of registration. */
export class Shutdown {
  private readonly hooks: { name: string; run: () => Promise<void> | void }[] = [];

  constructor(private readonly log: Log) {}

  /** Registers work for the way down: stop taking in, finish what is in hand. The bus is still there when it runs. */
  onDrain(name: string, run: () => Promise<void> | void): void {
    this.hooks.push({ name, run });
  }

  /** Runs every hook; one that fails is logged and does not keep the next from running. */
  async drain(): Promise<void> {
    for (const { name, run } of this.hooks.splice(0)) {
      try {
        await run();
      } catch (error) {
        this.log.error({ err: error, hook: name }, 'a drain hook failed');
      }
    }
  }
}
