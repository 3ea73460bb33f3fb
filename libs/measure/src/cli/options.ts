import { type Result, ResultSchema, type Suite, SuiteSchema } from '@boocontrol/contracts';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { preset, PRESET_NAMES } from '../suite/presets.js';

const OPTIONS = {
  url: { type: 'string' },
  model: { type: 'string' },
  preset: { type: 'string' },
  suite: { type: 'string' },
  'api-key-env': { type: 'string' },
  'prompt-tokens': { type: 'string' },
  'output-tokens': { type: 'string' },
  depth: { type: 'string' },
  concurrency: { type: 'string' },
  rate: { type: 'string' },
  repetitions: { type: 'string' },
  sampling: { type: 'string' },
  endpoint: { type: 'string' },
  'max-seconds': { type: 'string' },
  seed: { type: 'string' },
  out: { type: 'string' },
  baseline: { type: 'string' },
  json: { type: 'boolean' },
  definitions: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export type Flags = ReturnType<typeof parse>['values'];

/** What was typed cannot be understood; its message says what to type instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const FORMS = ['json', 'csv', 'md'] as const;
/** Of a file of results, by how its name ends. */
export type Form = (typeof FORMS)[number];

export interface BenchOptions {
  url: string;
  model: string | undefined;
  apiKey: string | undefined;
  suite: Suite;
  seed: number | undefined;
  out: { path: string; form: Form } | undefined;
  baseline: Result | null;
  json: boolean;
}

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
}

/** @throws {UsageError} for an option that there is not */
export function flagsOf(args: readonly string[]): { flags: Flags; command: string | undefined } {
  try {
    const { values, positionals } = parse(args);
    if (positionals.length > 1) throw new UsageError(`What is "${positionals[1]}"? Options begin with --`);
    return { flags: values, command: positionals[0] };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
}

/** @throws {UsageError} for values and files that cannot be used */
export async function optionsOf(flags: Flags, env: NodeJS.ProcessEnv): Promise<BenchOptions> {
  if (flags.url === undefined) throw new UsageError('Which host? --url http://192.168.1.20:8080');
  const keyName = flags['api-key-env'];
  const apiKey = keyName === undefined ? undefined : env[keyName];
  if (keyName !== undefined && !apiKey)
    throw new UsageError(`The environment variable ${keyName} is not set.`);
  return {
    url: flags.url,
    model: flags.model,
    apiKey,
    suite: await suiteOf(flags),
    seed: flags.seed === undefined ? undefined : numbers('seed', flags.seed)[0],
    out: flags.out === undefined ? undefined : outOf(flags.out),
    baseline:
      flags.baseline === undefined ? null : await fileOf(flags.baseline, ResultSchema, 'a result of bench'),
    json: flags.json ?? false,
  };
}

function outOf(path: string): { path: string; form: Form } {
  const form = FORMS.find((each) => path.toLowerCase().endsWith(`.${each}`));
  if (form === undefined)
    throw new UsageError(`--out takes a file that ends in .json, .csv or .md, not ${path}`);
  return { path, form };
}

async function suiteOf(flags: Flags): Promise<Suite> {
  if (flags.suite !== undefined && flags.preset !== undefined)
    throw new UsageError('Either --preset or --suite, not both.');
  const name = flags.preset ?? 'quick';
  const base = flags.suite === undefined ? preset(name) : await fileOf(flags.suite, SuiteSchema, 'a suite');
  if (base === null)
    throw new UsageError(`There is no preset "${name}". There are: ${PRESET_NAMES.join(', ')}`);
  if (flags.concurrency !== undefined && flags.rate !== undefined)
    throw new UsageError('Either --concurrency or --rate, not both.');
  const given = <T>(text: string | undefined, value: (text: string) => T): T | undefined =>
    text === undefined ? undefined : value(text);
  const maxS = given(flags['max-seconds'], (text) => numbers('max-seconds', text)[0]);
  const over = {
    promptTokens: given(flags['prompt-tokens'], (text) => numbers('prompt-tokens', text)),
    outputTokens: given(flags['output-tokens'], (text) => numbers('output-tokens', text)),
    depth: given(flags.depth, (text) => numbers('depth', text)),
    load:
      given(flags.concurrency, (text) => ({ kind: 'closed', concurrency: numbers('concurrency', text) })) ??
      given(flags.rate, (text) => ({ kind: 'open', ratePerS: numbers('rate', text) })),
    repetitions: given(flags.repetitions, (text) => numbers('repetitions', text)[0]),
    sampling: given(flags.sampling, samplingOf),
    endpoint: flags.endpoint,
    stop: maxS === undefined ? undefined : { ...base.stop, maxS },
  };
  const named = Object.fromEntries(Object.entries(over).filter(([, value]) => value !== undefined));
  const suite = SuiteSchema.safeParse({ ...base, ...named });
  if (!suite.success) throw new UsageError(`That is no suite.\n${z.prettifyError(suite.error)}`);
  return suite.data;
}

function samplingOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`--sampling takes JSON, as '{"temperature":0.7}', not: ${text}`);
  }
}

function numbers(flag: string, text: string): number[] {
  return text.split(',').map((each) => {
    const value = Number(each);
    if (each.trim() === '' || !Number.isFinite(value))
      throw new UsageError(`--${flag} takes numbers, not "${text}"`);
    return value;
  });
}

async function fileOf<T>(path: string, schema: z.ZodType<T>, what: string): Promise<T> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  }
  const read = /\.ya?ml$/i.test(path) ? yamlOf(text) : jsonOf(text);
  if ('problem' in read) throw new UsageError(`${path} ${read.problem}`);
  const parsed = schema.safeParse(read.value);
  if (!parsed.success) throw new UsageError(`${path} is not ${what}.\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function jsonOf(text: string): { value: unknown } | { problem: string } {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: 'is no JSON.' };
  }
}

function yamlOf(text: string): { value: unknown } | { problem: string } {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) return { problem: `is no YAML: ${error.message}` };
  try {
    return { value: document.toJS() };
  } catch (thrown) {
    // Aliases that grow without end.
    return { problem: `cannot be read: ${(thrown as Error).message}` };
  }
}
