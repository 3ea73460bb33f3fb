import { preset, PRESET_NAMES } from '@boocontrol/measure';
import { CONFIG, LOG, Rounds, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BenchConfig } from '../config.js';
import { readSuiteFolder, type FileProblem, type SuiteFolder } from './suite-files.js';
import { newestSuites } from './suites.repository.js';
import { Suites } from './suites.js';

const LOOK_EVERY_MS = 10_000;
const AGAIN_MS = 2_000;
const EMPTY: SuiteFolder = { suites: [], present: new Set(), problems: [] };

/** Brings what came with the program, and what stands in the files of a folder, among the stored suites. */
@Injectable()
export class SuiteSources implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly rounds: Rounds;
  private found: FileProblem[] = [];
  private hasBuiltIn = false;

  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(CONFIG) private readonly config: BenchConfig,
    @Inject(Suites) private readonly suites: Suites,
    @Inject(LOG) log: Log,
  ) {
    this.rounds = new Rounds({
      log,
      trouble: 'suites of the program and of files could not be stored, trying again',
      everyMs: LOOK_EVERY_MS,
      againMs: AGAIN_MS,
      round: () => this.look(),
    });
  }

  /** Files that are no suites, or are not used. */
  get problems(): readonly FileProblem[] {
    return this.found;
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  /** Looks at the files, and stores what has changed. */
  async look(): Promise<void> {
    if (!this.hasBuiltIn) {
      for (const name of PRESET_NAMES) {
        const suite = preset(name);
        if (suite !== null) await this.suites.provide(name, 'builtin', suite);
      }
      this.hasBuiltIn = true;
    }
    const dir = this.config.BOOCONTROL_SUITES_DIR;
    const { suites, present, problems } = dir === undefined ? EMPTY : await readSuiteFolder(dir);
    const taken: FileProblem[] = [];
    for (const { file, name, suite } of suites) {
      if (await this.suites.provide(name, 'file', suite)) continue;
      const message = `there is a suite "${name}" already that is no file; give the file another name`;
      taken.push({ file, message });
    }
    if (present !== null) await this.withdrawMissing(present);
    this.found = [...problems, ...taken];
  }

  private async withdrawMissing(present: ReadonlySet<string>): Promise<void> {
    const gone = (await newestSuites(this.db)).filter(
      ({ name, origin, isRemoved }) => origin === 'file' && !isRemoved && !present.has(name),
    );
    for (const { name } of gone) await this.suites.withdraw(name);
  }
}
