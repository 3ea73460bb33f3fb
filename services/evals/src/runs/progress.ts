import type { HostState } from '@boocontrol/contracts';
import { Outbox, Rounds, type Log } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import { jobs } from './jobs.js';
import type { Marks } from './marks.js';
import type { GpuMemory } from './gpu-memory.js';
import type { Scoring } from './scoring.js';

interface Parts {
  db: DataSource;
  outbox: Outbox;
  log: Log;
  scoring: Scoring;
  marks: Marks;
  memory: GpuMemory;
  /** The host as its facts show it now. */
  host: () => HostState | undefined;
  /** Between two facts of progress, two looks at score and contamination, two looks at the host, in milliseconds. */
  timings: { progressMs: number; scoreEveryMs: number; lookAgainMs: number };
}

/** States how far a run is, when that has changed, keeps its score in step with it, and watches the memory of its host. */
export class Progress {
  private readonly rounds: readonly Rounds[];
  private told = -1;
  private scored = -1;

  constructor(
    private readonly parts: Parts,
    private readonly runId: string,
  ) {
    const { log, timings } = parts;
    const rounds = (everyMs: number, trouble: string, round: () => Promise<void>): Rounds =>
      new Rounds({ log, everyMs, trouble, round });
    this.rounds = [
      rounds(timings.progressMs, 'progress cannot be told, trying again', () => this.tell()),
      rounds(timings.scoreEveryMs, 'a run cannot be scored, trying again', () => this.score()),
      rounds(timings.lookAgainMs, 'memory of GPUs is not looked at, trying again', () => this.look()),
    ];
    for (const each of this.rounds) each.start();
  }

  /** Nothing is told after it. */
  async stop(): Promise<void> {
    await Promise.all(this.rounds.map((each) => each.stop()));
  }

  private async tell(): Promise<void> {
    const { db, outbox } = this.parts;
    const isTold = await db.transaction(async (manager) => {
      const row = await jobs.find(manager, this.runId);
      if (row?.run.state !== 'running' || row.run.done === this.told) return false;
      const { done, total, outcomes } = row.run;
      await jobs.tell(manager, row, 'progress', { done, total, outcomes });
      this.told = done;
      return true;
    });
    if (isTold) outbox.notify();
  }

  private look(): Promise<void> {
    const { memory, host } = this.parts;
    memory.look(host(), performance.now());
    return Promise.resolve();
  }

  private async score(): Promise<void> {
    const row = await jobs.find(this.parts.db, this.runId);
    if (row === null || row.run.done === this.scored) return;
    await this.parts.marks.judge(this.runId);
    await this.parts.scoring.again(this.runId);
    this.scored = row.run.done;
  }
}
