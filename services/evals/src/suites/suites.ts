import type {
  EvalSuite,
  EvalSuiteDetail,
  EvalSuiteHead,
  EvalSuites,
  ImportedEvalSuite,
} from '@boocontrol/contracts';
import { calls } from '@boocontrol/contracts';
import { canonical } from '@boocontrol/measure';
import { refuse } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import { askToRescore } from '../rescoring/asked.repository.js';
import { checkOf, faultsIn } from './checks.repository.js';
import { problemsOfSuite } from './check-suite.js';
import { importSuite } from './import/import-suite.js';
import { putSuite } from './put-suite.js';
import { retiredOf, retireItem, unretireItem } from './retired.repository.js';
import {
  hasRuns,
  listSuites,
  lockName,
  newestSuite,
  removeVersions,
  suiteOfHash,
  versionsOf,
  type WholeVersion,
} from './suites.repository.js';

export interface FoundSuite {
  hash: string;
  suite: EvalSuite;
  /** Items that are not asked, and are in no score. */
  retired: ReadonlySet<string>;
  origin: EvalSuiteHead['origin'];
}
type Retirement = Omit<z.output<typeof calls.retireEvalItem.request>, 'name'>;
type Current = WholeVersion | null;

/** Suites by name, each with its versions. */
@Injectable()
export class Suites {
  private readonly builtIn = new Map<string, EvalSuite>();
  private readonly onChange: (() => void)[] = [];

  constructor(@Inject(DataSource) private readonly db: DataSource) {}

  /** @param hash which version; absent: the newest of a suite that is not removed */
  async find(name: string, hash?: string): Promise<FoundSuite | null> {
    const found = await this.version(name, hash);
    if (found === null) return null;
    const { head, suite } = found;
    return { hash: head.hash, suite, retired: new Set(head.retired), origin: head.origin };
  }

  /** @throws {CallError} `bad_cursor` */
  list(cursor?: string): Promise<Omit<EvalSuites, 'problems'>> {
    return listSuites(this.db, cursor);
  }

  /** @throws {CallError} `unknown_suite` */
  async detail(name: string, hash?: string): Promise<EvalSuiteDetail> {
    const found = await this.version(name, hash);
    if (found === null) throw unknownSuite(calls.evalSuite, name, hash);
    const [versions, retired, check] = await Promise.all([
      versionsOf(this.db, name),
      retiredOf(this.db, name, found.head.hash),
      checkOf(this.db, name, found.head.hash),
    ]);
    // They are read one after the other, and must not contradict each other.
    const head = { ...found.head, faults: faultsIn(check) };
    return { head, suite: found.suite, versions, retired, check };
  }

  /**
   * @param ifHash of the version that was edited, null: there was none; absent: whatever is there
   * @throws {CallError} `bad_suite`, `suite_from_file`; `suite_changed` with what is there now in its details
   */
  save(suite: EvalSuite, ifHash?: string | null): Promise<EvalSuiteHead> {
    const { name } = suite;
    const problems = problemsOfSuite(suite);
    if (problems.length > 0)
      throw refuse(calls.saveEvalSuite, 'bad_suite', problems.slice(0, 10).join(' '), { problems });
    return this.changing(name, async (manager, current) => {
      if (current?.head.origin === 'file') throw fromFile(calls.saveEvalSuite, name);
      const currentHash = current?.head.hash ?? null;
      if (ifHash !== undefined && ifHash !== currentHash)
        throw refuse(
          calls.saveEvalSuite,
          'suite_changed',
          current === null
            ? `There is no suite “${name}” any more.`
            : `The suite “${name}” was saved by somebody else in the meantime. Look at it, and try again from there.`,
          { hash: currentHash },
        );
      await putSuite(manager, 'stored', suite);
    });
  }

  /** @throws {CallError} `nothing_imported` with what was left out, `suite_from_file` */
  async import(request: z.output<typeof calls.importEvalSuite.request>): Promise<ImportedEvalSuite> {
    const { name } = request;
    const { suite, leftOut } = importSuite(request);
    const [first] = leftOut;
    if (suite === null)
      throw refuse(
        calls.importEvalSuite,
        'nothing_imported',
        `No line of the file is an item that can be graded here. ${first === undefined ? 'It is empty.' : `Line ${first.line} ${first.reason}.`}`,
        { leftOut: leftOut.slice(0, 100) },
      );
    const head = await this.changing(name, async (manager, current) => {
      if (current?.head.origin === 'file') throw fromFile(calls.importEvalSuite, name);
      await putSuite(manager, 'stored', suite);
    });
    return { head, leftOut };
  }

  /**
   * One that came with the program, and was changed, is again what it was at first.
   * @throws {CallError} `unknown_suite`, `built_in`, `suite_from_file`, `suite_in_use`
   */
  async remove(name: string): Promise<void> {
    const call = calls.removeEvalSuite;
    await this.changing(name, async (manager, current) => {
      if (current === null) throw unknownSuite(call, name);
      if (current.head.origin === 'file') throw fromFile(call, name);
      if (current.head.origin === 'builtin')
        throw refuse(call, 'built_in', `“${name}” came with the program: it can be changed, not removed.`);
      const builtIn = this.builtIn.get(name);
      if (builtIn !== undefined) return putSuite(manager, 'builtin', builtIn);
      if (await hasRuns(manager, name))
        throw refuse(
          call,
          'suite_in_use',
          `“${name}” has runs, which need it to be read. Remove them first.`,
        );
      return removeVersions(manager, name);
    });
  }

  /** Called when a version was stored here, or an item of one retired. What follows of that stands in the tables. */
  whenChanged(listener: () => void): void {
    this.onChange.push(listener);
  }

  /** @throws {CallError} `unknown_suite`, `unknown_item` */
  async retire(name: string, { hash, item, reason, source }: Retirement): Promise<EvalSuiteHead> {
    const call = calls.retireEvalItem;
    const head = await this.db.transaction(async (manager) => {
      await lockName(manager, name);
      const found = await suiteOfHash(manager, name, hash);
      if (found === null) throw unknownSuite(call, name, hash);
      if (!found.suite.items.some(({ id }) => id === item))
        throw refuse(call, 'unknown_item', `That version of “${name}” has no item “${item}”.`);
      await (reason === null
        ? unretireItem(manager, name, hash, item)
        : retireItem(manager, name, hash, { item, reason, by: source }));
      await askToRescore(manager, name, hash);
      return (await suiteOfHash(manager, name, hash))?.head ?? found.head;
    });
    this.tellChange();
    return head;
  }

  /**
   * What came with the program, or stands in a file. It does not replace what came from elsewhere.
   * @returns false: the name is taken
   */
  async provide(origin: 'builtin' | 'file', suite: EvalSuite): Promise<boolean> {
    const { name } = suite;
    if (origin === 'builtin') this.builtIn.set(name, suite);
    const known = present(await newestSuite(this.db, name));
    if (known !== null && known.head.origin !== origin) return false;
    if (known !== null && canonical(known.suite) === canonical(suite)) return true;
    let isProvided = true;
    await this.changing(name, async (manager, current) => {
      isProvided = current === null || current.head.origin === origin;
      if (isProvided) await putSuite(manager, origin, suite);
    });
    return isProvided;
  }

  /** Its file is gone, or it comes with the program no more. */
  async withdraw(name: string, origin: 'builtin' | 'file'): Promise<void> {
    await this.db.transaction(async (manager) => {
      await lockName(manager, name);
      const current = present(await newestSuite(manager, name));
      if (current?.head.origin === origin) await removeVersions(manager, name);
    });
  }

  private async version(name: string, hash: string | undefined): Promise<Current> {
    return hash === undefined ? present(await newestSuite(this.db, name)) : suiteOfHash(this.db, name, hash);
  }

  /** One change of a name at a time; gives what is there afterwards. */
  private async changing(
    name: string,
    change: (manager: EntityManager, current: Current) => Promise<void>,
  ): Promise<EvalSuiteHead> {
    const head = await this.db.transaction(async (manager) => {
      await lockName(manager, name);
      await change(manager, present(await newestSuite(manager, name)));
      const now = await newestSuite(manager, name);
      if (now === null) throw new Error(`nothing was stored as “${name}”`);
      return now.head;
    });
    this.tellChange();
    return head;
  }

  private tellChange(): void {
    for (const listener of this.onChange) listener();
  }
}

const present = (newest: Current): Current => (newest === null || newest.isRemoved ? null : newest);

function unknownSuite(
  call: typeof calls.evalSuite | typeof calls.removeEvalSuite | typeof calls.retireEvalItem,
  name: string,
  hash?: string,
): Error {
  const what = hash === undefined ? `There is no suite “${name}”.` : `There is no such version of “${name}”.`;
  return refuse<'unknown_suite'>(call, 'unknown_suite', what);
}

function fromFile(
  call: typeof calls.saveEvalSuite | typeof calls.removeEvalSuite | typeof calls.importEvalSuite,
  name: string,
): Error {
  const message = `The suite “${name}” is a file of the folder of suites. Change it there.`;
  return refuse<'suite_from_file'>(call, 'suite_from_file', message);
}
