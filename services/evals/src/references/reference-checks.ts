import { randomUUID } from 'node:crypto';
import { LOG, Rounds, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Sandboxes } from '../grading/sandboxes.js';
import { Suites } from '../suites/suites.js';
import { claimCheck, letGoCheck, noteTried, type Claimed, type Tried } from '../suites/checks.repository.js';
import { faultOf, needsSandbox, solutionsOf } from './solutions.js';

const EVERY_MS = 15_000;
const AGAIN_MS = 5_000;
/** Between two words of how far it is. */
const NOTE_EVERY_MS = 1_000;
/** So many solutions at the same time: samples of runs have the sandbox as well. */
const AT_ONCE = 2;
const MAX_FAULTS = 100;

/**
 * Tries the references and wrong solutions of suites that people have written, once for each version, so that an item that
 * nobody can pass, or everybody does, is found before a model is asked. What is begun is in a table, so a process that ends
 * meanwhile loses nothing but time.
 */
@Injectable()
export class ReferenceChecks implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly worker = randomUUID();
  private readonly rounds: Rounds;

  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Suites) private readonly suites: Suites,
    @Inject(Sandboxes) private readonly sandboxes: Sandboxes,
    @Inject(LOG) log: Log,
  ) {
    this.rounds = new Rounds({
      log,
      everyMs: EVERY_MS,
      againMs: AGAIN_MS,
      trouble: 'references of suites could not be tried, trying again',
      round: (signal) => this.all(signal),
    });
  }

  onApplicationBootstrap(): void {
    this.suites.whenChanged(() => this.rounds.soon());
    this.rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
    await letGoCheck(this.db, this.worker);
  }

  private async all(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const isUsable = (await this.sandboxes.first()) !== null;
      const claimed = await claimCheck(this.db, this.worker, isUsable);
      if (claimed === null) return;
      await this.check(claimed, signal);
    }
  }

  private async check(claimed: Claimed, signal: AbortSignal): Promise<void> {
    const every = solutionsOf(claimed.suite);
    const sandbox = await this.sandboxes.first();
    const left = sandbox === null ? every.filter((one) => !needsSandbox(one)) : every;
    const leftOut = every.length - left.length;
    const reason = leftOut > 0 ? await this.sandboxes.whyNone() : null;
    const known: Tried = { total: every.length, tried: 0, faults: [], leftOut, reason };
    let notedMs = performance.now();
    let isMine = await this.note(claimed, known, false);
    const lane = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined && isMine; next = left.shift()) {
        signal.throwIfAborted();
        const fault = await faultOf(next, { sandbox, label: `check-${claimed.name}`, signal });
        known.tried += 1;
        if (fault !== null && known.faults.length < MAX_FAULTS) known.faults.push(fault);
        if (performance.now() - notedMs < NOTE_EVERY_MS) continue;
        notedMs = performance.now();
        isMine = await this.note(claimed, known, false);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    if (isMine) await this.note(claimed, known, true);
  }

  /** Faults in the order of the suite, whichever was found first. */
  private note(claimed: Claimed, known: Tried, isDone: boolean): Promise<boolean> {
    const place = new Map(claimed.suite.items.map(({ id }, at) => [id, at]));
    const faults = known.faults.toSorted((a, b) => (place.get(a.item) ?? 0) - (place.get(b.item) ?? 0));
    return noteTried(this.db, this.worker, claimed, { ...known, faults }, isDone);
  }
}
