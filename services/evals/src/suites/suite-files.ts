import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EvalSuiteNameSchema, type EvalSuite } from '@boocontrol/contracts';
import { NoSuite, parseSuite } from './parse-suite.js';

const MAX_FILES = 500;
const MAX_BYTES = 2_000_000;

export interface FileProblem {
  file: string;
  message: string;
}

/** What a folder of suites holds. */
export interface SuiteFolder {
  suites: { file: string; name: string; suite: EvalSuite }[];
  /** Names of which there is a file, whether it can be read or not; null: the folder itself cannot be read. */
  present: ReadonlySet<string> | null;
  problems: FileProblem[];
}

/** Reads the suites of a folder, and what has changed of them when it is asked again. */
export class SuiteFiles {
  private known = new Map<string, { stamp: string; suite: EvalSuite | Error }>();

  constructor(private readonly dir: string) {}

  /**
   * Reads every `<name>.yaml` and `<name>.yml`. A file that is no suite is a problem, and the others are read all the same;
   * so is a folder that cannot be read. A folder that is not there is empty.
   */
  async read(): Promise<SuiteFolder> {
    const { dir } = this;
    let files: string[];
    try {
      files = (await readdir(dir)).filter((file) => /\.ya?ml$/i.test(file)).sort();
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return { suites: [], present: new Set(), problems: [] };
      const problems = [{ file: dir, message: `cannot be read: ${words(error)}` }];
      return { suites: [], present: null, problems };
    }
    const known: typeof this.known = new Map();
    const folder: SuiteFolder & { present: Set<string> } = { suites: [], present: new Set(), problems: [] };
    for (const file of files.slice(0, MAX_FILES)) {
      try {
        const name = nameOf(file);
        if (folder.present.has(name)) throw new NoSuite(`there is another file for the suite “${name}”`);
        folder.present.add(name);
        const read = await this.suiteOf(file, name);
        known.set(file, read);
        if (read.suite instanceof Error) throw read.suite;
        folder.suites.push({ file, name, suite: read.suite });
      } catch (error) {
        folder.problems.push({ file, message: words(error) });
      }
    }
    if (files.length > MAX_FILES)
      folder.problems.push({
        file: dir,
        message: `holds more than ${MAX_FILES} files; the others are not read`,
      });
    this.known = known;
    return folder;
  }

  /** As it was the last time when nothing has touched the file since. */
  private async suiteOf(file: string, name: string): Promise<{ stamp: string; suite: EvalSuite | Error }> {
    const path = join(this.dir, file);
    const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true });
    if (size > BigInt(MAX_BYTES)) throw new NoSuite(`is larger than ${MAX_BYTES / 1e6} MB`);
    const stamp = [size, mtimeNs, ctimeNs, ino].join(' ');
    const before = this.known.get(file);
    if (before?.stamp === stamp) return before;
    const text = await readFile(path, 'utf8');
    return { stamp, suite: attempt(() => parseSuite(text, name)) };
  }
}

function nameOf(file: string): string {
  const name = file.replace(/\.ya?ml$/i, '');
  if (EvalSuiteNameSchema.safeParse(name).success) return name;
  throw new NoSuite('the name of the file must be one of a suite: 1 to 63 of a-z, 0-9 and hyphen');
}

function attempt(parse: () => EvalSuite): EvalSuite | Error {
  try {
    return parse();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const words = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 500);
const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : null);
