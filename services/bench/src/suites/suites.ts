import type { BenchSuite, BenchSuites, Suite } from '@boocontrol/contracts';
import { calls } from '@boocontrol/contracts';
import { canonical, preset, suiteHash } from '@boocontrol/measure';
import { refuse } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  addVersion,
  isScheduled,
  listSuites,
  listVersions,
  lockName,
  newestSuite,
  removeVersion,
  rewriteVersion,
  shown,
  type StoredVersion,
} from './suites.repository.js';

type Paged<T> = T & { nextCursor: string | null };

/** Suites by name, each with all of its versions. */
@Injectable()
export class Suites {
  constructor(@Inject(DataSource) private readonly db: DataSource) {}

  /** As it is now; null: there is none. */
  async byName(name: string): Promise<BenchSuite | null> {
    const newest = await newestSuite(this.db, name);
    return newest === null || newest.isRemoved ? null : shown(newest);
  }

  /** @throws {CallError} `bad_cursor` */
  list(cursor?: string): Promise<Paged<Pick<BenchSuites, 'suites'>>> {
    return listSuites(this.db, cursor);
  }

  /** @throws {CallError} `unknown_suite`, `bad_cursor` */
  async versions(name: string, cursor?: string): Promise<Paged<{ versions: BenchSuite[] }>> {
    const found = await listVersions(this.db, name, cursor);
    if (found.versions.length === 0 && cursor === undefined)
      throw refuse(calls.benchSuiteVersions, 'unknown_suite', `There never was a suite "${name}".`);
    return found;
  }

  /**
   * @param ifHash of the version that was edited, null: there was none; absent: whatever is there
   * @throws {CallError} `suite_from_file`; `suite_changed` with what is there now in its details
   */
  save(name: string, suite: Suite, ifHash?: string | null): Promise<BenchSuite> {
    return this.changing(name, async (manager, newest) => {
      const current = newest === null || newest.isRemoved ? null : newest;
      if (current?.origin === 'file') throw fromFile(calls.saveBenchSuite, name);
      const currentHash = current?.hash ?? null;
      if (ifHash !== undefined && ifHash !== currentHash)
        throw refuse(
          calls.saveBenchSuite,
          'suite_changed',
          current === null
            ? `There is no suite "${name}" any more.`
            : `The suite "${name}" was saved by somebody else in the meantime. Look at it, and try again from there.`,
          { hash: currentHash },
        );
      await put(manager, newest, { name, origin: 'stored', suite });
    });
  }

  /**
   * Its versions stay known, and its runs. One that came with the program is again what it was at first.
   * @throws {CallError} `unknown_suite`, `built_in`, `suite_from_file`, `suite_in_use`
   */
  async remove(name: string): Promise<void> {
    const call = calls.removeBenchSuite;
    await this.changing(name, async (manager, newest) => {
      if (newest === null || newest.isRemoved)
        throw refuse(call, 'unknown_suite', `There is no suite "${name}".`);
      if (newest.origin === 'file') throw fromFile(call, name);
      if (newest.origin === 'builtin')
        throw refuse(call, 'built_in', `"${name}" came with the program: it can be changed, not removed.`);
      const builtin = preset(name);
      if (builtin !== null) return put(manager, newest, { name, origin: 'builtin', suite: builtin });
      if (await isScheduled(manager, name))
        throw refuse(
          call,
          'suite_in_use',
          `A schedule measures by "${name}". Remove the schedule first, or have it use another suite.`,
        );
      return removeVersion(manager, name, newest.version);
    });
  }

  /**
   * What came with the program, or stands in a file. It does not replace what somebody has stored.
   * @returns false: the name is taken
   */
  async provide(name: string, origin: 'builtin' | 'file', suite: Suite): Promise<boolean> {
    const known = await newestSuite(this.db, name);
    if (known !== null && isTaken(known, origin)) return false;
    if (known !== null && isSame(known, origin, suite)) return true;
    let isProvided = true;
    await this.changing(name, async (manager, newest) => {
      isProvided = newest === null || !isTaken(newest, origin);
      if (isProvided) await put(manager, newest, { name, origin, suite });
    });
    return isProvided;
  }

  /** Its file is gone. */
  async withdraw(name: string): Promise<void> {
    await this.changing(name, async (manager, newest) => {
      if (newest?.origin === 'file' && !newest.isRemoved) await removeVersion(manager, name, newest.version);
    });
  }

  /** One change of a name at a time; gives what is there afterwards. */
  private changing(
    name: string,
    change: (manager: EntityManager, newest: StoredVersion | null) => Promise<void>,
  ): Promise<BenchSuite> {
    return this.db.transaction(async (manager) => {
      await lockName(manager, name);
      await change(manager, await newestSuite(manager, name));
      const now = await newestSuite(manager, name);
      if (now === null) throw new Error(`nothing was stored as "${name}"`);
      return shown(now);
    });
  }
}

const isTaken = ({ isRemoved, origin }: StoredVersion, wanted: string): boolean =>
  !isRemoved && origin !== wanted;

const isSame = (known: StoredVersion, origin: string, suite: Suite): boolean =>
  !known.isRemoved && known.origin === origin && canonical(known.suite) === canonical(suite);

/** A new version when something else is measured, or it comes from somewhere else. */
async function put(
  manager: EntityManager,
  newest: StoredVersion | null,
  { name, origin, suite }: Pick<BenchSuite, 'name' | 'origin' | 'suite'>,
): Promise<void> {
  const hash = suiteHash(suite);
  if (newest !== null && !newest.isRemoved && newest.hash === hash && newest.origin === origin)
    return rewriteVersion(manager, name, newest.version, suite);
  return addVersion(manager, (newest?.version ?? 0) + 1, { name, hash, origin, suite });
}

function fromFile(call: typeof calls.saveBenchSuite | typeof calls.removeBenchSuite, name: string): Error {
  const message = `The suite "${name}" is a file of the folder of suites. Change it there.`;
  return refuse<'suite_from_file'>(call, 'suite_from_file', message);
}
