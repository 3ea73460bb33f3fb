import type { Sample } from '@boocontrol/contracts';
import { Outbox, Rounds, type Log } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import { jobs } from './jobs.js';

/** How far a run is. */
export interface Standing {
  /** Requests that are done, warm-ups left out. */
  done: number;
  /** null while unknown. */
  total: number | null;
  /** Index of the cell under way; null: none is. */
  cell: number | null;
  figures: Record<string, number>;
}

/** Newest samples of the cell under way that its figures are taken from. */
const NEWEST = 200;

/** States how far a run is, when that has changed, and no more often than it is told to. */
export class Progress {
  private readonly rounds: Rounds;
  private readonly samples: Sample[] = [];
  private cell: number | null = null;
  private doneInCell = 0;
  private told = '';

  constructor(
    private readonly parts: { db: DataSource; outbox: Outbox; log: Log; everyMs: number },
    private readonly runId: string,
    /** Cells that are measured, and how many there are; null: a search decides as it goes. */
    private done: number,
    private readonly total: number | null,
  ) {
    const { log, everyMs } = parts;
    this.rounds = new Rounds({
      log,
      everyMs,
      trouble: 'progress cannot be told, trying again',
      round: () => this.tell(),
    });
    this.rounds.start();
  }

  begin(cell: number): void {
    this.cell = cell;
    this.doneInCell = 0;
    this.samples.length = 0;
  }

  take(sample: Sample): void {
    this.doneInCell += 1;
    this.samples.push(sample);
    if (this.samples.length > NEWEST) this.samples.shift();
  }

  end(): void {
    this.done += 1;
    this.cell = null;
    this.samples.length = 0;
  }

  /** Nothing is told after it. */
  stop(): Promise<void> {
    return this.rounds.stop();
  }

  private async tell(): Promise<void> {
    const { done, total, cell, doneInCell } = this;
    if (cell === null && doneInCell === 0) return;
    const key = `${done} ${cell} ${doneInCell}`;
    if (key === this.told) return;
    const figures = figuresOf(this.samples);
    const { db, outbox } = this.parts;
    const isTold = await db.transaction(async (manager) => {
      const row = await jobs.find(manager, this.runId);
      if (row?.run.state !== 'running') return false;
      await jobs.tell(manager, row, 'progress', {
        done,
        total,
        ...(cell === null ? {} : { cell }),
        ...(Object.keys(figures).length === 0 ? {} : { figures }),
      });
      return true;
    });
    this.told = key;
    if (isTold) outbox.notify();
  }
}

/** Medians of what came so far; for whoever watches, no results. */
export function figuresOf(samples: readonly Sample[]): Record<string, number> {
  const good = samples.filter(({ status }) => status === 'ok');
  const values = {
    ttftMs: good.flatMap(({ ttftMs }) => ttftMs ?? []),
    tpotMs: good.flatMap(({ tpotMs }) => tpotMs ?? []),
    genTps: good.flatMap(({ hostGenTps }) => hostGenTps ?? []),
    promptTps: good.flatMap(({ hostPromptTps }) => hostPromptTps ?? []),
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, all]) => {
      const middle = all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)];
      return middle === undefined ? [] : [[name, middle]];
    }),
  );
}
