import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SuiteNameSchema, SuiteSchema, type Suite } from '@boocontrol/contracts';
import { parseDocument } from 'yaml';
import type { z } from 'zod';

const MAX_FILES = 500;
const MAX_BYTES = 1_000_000;

export interface FileProblem {
  file: string;
  message: string;
}

/** What a folder of suites holds. */
export interface SuiteFolder {
  suites: { file: string; name: string; suite: Suite }[];
  /** Names of which there is a file, whether it can be read or not; null: the folder itself cannot be read. */
  present: ReadonlySet<string> | null;
  problems: FileProblem[];
}

/** A file that is no suite; its message says why. */
class NoSuite extends Error {}

/**
 * Reads every `<name>.yaml` and `<name>.yml`. A file that is no suite is a problem, and the others are read all the same; so
 * is a folder that cannot be read. A folder that is not there is empty.
 */
export async function readSuiteFolder(dir: string): Promise<SuiteFolder> {
  let files: string[];
  try {
    files = (await readdir(dir)).filter((file) => /\.ya?ml$/i.test(file)).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { suites: [], present: new Set(), problems: [] };
    return {
      suites: [],
      present: null,
      problems: [{ file: dir, message: `cannot be read: ${words(error)}` }],
    };
  }
  const folder: SuiteFolder & { present: Set<string> } = { suites: [], present: new Set(), problems: [] };
  for (const file of files.slice(0, MAX_FILES)) {
    try {
      const name = nameOf(file);
      if (folder.present.has(name)) throw new NoSuite(`there is another file for the suite "${name}"`);
      folder.present.add(name);
      folder.suites.push({ file, name, suite: await readSuite(join(dir, file), name) });
    } catch (error) {
      folder.problems.push({ file, message: words(error) });
    }
  }
  if (files.length > MAX_FILES)
    folder.problems.push({
      file: dir,
      message: `holds more than ${MAX_FILES} files; the others are not read`,
    });
  return folder;
}

function nameOf(file: string): string {
  const name = file.replace(/\.ya?ml$/i, '');
  if (SuiteNameSchema.safeParse(name).success) return name;
  throw new NoSuite('the name of the file must be one of a suite: 1 to 63 of a-z, 0-9 and hyphen');
}

async function readSuite(path: string, name: string): Promise<Suite> {
  const { size } = await stat(path);
  if (size > MAX_BYTES) throw new NoSuite(`is larger than ${MAX_BYTES / 1e6} MB`);
  return parseSuite(await readFile(path, 'utf8'), name);
}

/**
 * A suite from YAML. One that does not say what it is called is called as its file.
 * @throws {Error} with what is wrong, and at which line where YAML itself is broken
 */
export function parseSuite(text: string, name: string): Suite {
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken) throw new NoSuite(`is not valid YAML: ${broken.message.split('\n')[0]?.replace(/:$/, '')}`);
  const content: unknown = document.toJS();
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new NoSuite('is not a suite: it has no fields');
  const parsed = SuiteSchema.safeParse({ name, ...content });
  if (parsed.success) return parsed.data;
  throw new NoSuite(parsed.error.issues.flatMap(issueWords).join('; '));
}

function issueWords(issue: z.core.$ZodIssue): string[] {
  const at = issue.path.map(String).join('.');
  if (issue.code !== 'unrecognized_keys') return [at === '' ? issue.message : `${at}: ${issue.message}`];
  return issue.keys.map((key) => `${at === '' ? key : `${at}.${key}`}: unknown field`);
}

const words = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 500);
const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : null);
