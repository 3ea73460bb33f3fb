import { fileURLToPath } from 'node:url';
import { CONFIG, LOG, Rounds, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EvalsConfig } from '../config.js';
import { SuiteFiles, type FileProblem } from './suite-files.js';
import { namesFrom } from './suites.repository.js';
import { Suites } from './suites.js';

const LOOK_EVERY_MS = 10_000;
const AGAIN_MS = 2_000;
/** Beside the compiled code, wherever the service is started from. */
export const BUILT_IN_DIR = fileURLToPath(new URL('../../suites/', import.meta.url));

/** Brings what came with the program, and what stands in the files of a folder, among the stored suites. */
@Injectable()
export class SuiteSources implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly rounds: Rounds;
  private readonly files: SuiteFiles | null;
  private broken: FileProblem[] | null = null;
  private found: FileProblem[] = [];
  private looking: Promise<void> = Promise.resolve();

  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(CONFIG) { BOOCONTROL_EVALS_DIR: dir }: EvalsConfig,
    @Inject(Suites) private readonly suites: Suites,
    @Inject(LOG) log: Log,
  ) {
    this.files = dir === undefined ? null : new SuiteFiles(dir);
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
    return [...(this.broken ?? []), ...this.found];
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  /** Looks at the files, and stores what has changed; one look after the other. */
  look(): Promise<void> {
    const look = (): Promise<void> => this.lookNow();
    this.looking = this.looking.then(look, look);
    return this.looking;
  }

  private async lookNow(): Promise<void> {
    this.broken ??= await this.bring('builtin', new SuiteFiles(BUILT_IN_DIR));
    this.found = this.files === null ? [] : await this.bring('file', this.files);
  }

  /** @returns what is wrong with which files */
  private async bring(origin: 'builtin' | 'file', files: SuiteFiles): Promise<FileProblem[]> {
    const { suites, present, problems } = await files.read();
    const taken: FileProblem[] = [];
    for (const { file, name, suite } of suites) {
      if ((await this.suites.provide(origin, suite)) || origin === 'builtin') continue;
      const message = `there is a suite “${name}” already that is no file; give the file another name`;
      taken.push({ file, message });
    }
    if (present !== null)
      for (const name of await namesFrom(this.db, origin))
        if (!present.has(name)) await this.suites.withdraw(name, origin);
    return [...problems, ...taken];
  }
}
