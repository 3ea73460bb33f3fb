import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calls, SuiteSchema, type BenchSuite } from '@boocontrol/contracts';
import { preset, PRESET_NAMES, suiteHash } from '@boocontrol/measure';
import { tempDir, waitFor, type TempDir } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { World, type Replica } from '../testing/world.js';
import { SuiteSources } from './suite-sources.js';
import { Suites } from './suites.js';

let world: World;
let replica: Replica;
let temp: TempDir;
let dir: string;

beforeAll(async () => {
  world = await World.open();
  temp = await tempDir();
  dir = join(temp.path, 'suites');
  replica = await world.service({ BOOCONTROL_SUITES_DIR: dir });
  await waitFor(async () => (await listed()).length === PRESET_NAMES.length, { what: 'the built-in suites' });
});
afterAll(async () => {
  await world?.close();
  await temp?.remove();
});

const suite = SuiteSchema.parse({ name: 'Mine', promptTokens: [512], outputTokens: [64] });
const twice = { ...suite, repetitions: 10 };

const all = async () => {
  const { suites, problems, nextCursor } = await world.ask(calls.benchSuites, {});
  expect(nextCursor).toBeNull();
  return { suites, problems };
};
const listed = async (): Promise<BenchSuite[]> => (await all()).suites;
const named = async (name: string): Promise<BenchSuite | undefined> =>
  (await listed()).find((each) => each.name === name);
const look = (): Promise<void> => replica.app.get(SuiteSources).look();
const put = async (file: string, text: string): Promise<void> => {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, file), text);
};

test('those that came with the program are there, in the order of names', async () => {
  const suites = await listed();
  expect(suites.map(({ name }) => name)).toEqual([...PRESET_NAMES].sort());
  expect(suites.every(({ origin, runs }) => origin === 'builtin' && runs === 0)).toBe(true);
});

test('a suite has a version for each thing that it measured, and only one editor', async () => {
  const first = await world.ask(calls.saveBenchSuite, { name: 'mine', suite, ifHash: null });
  expect(first).toMatchObject({ name: 'mine', hash: suiteHash(suite), origin: 'stored', suite });
  expect(await world.refusedAs(calls.saveBenchSuite, { name: 'mine', suite: twice, ifHash: null })).toBe(
    'suite_changed',
  );
  const second = await world.ask(calls.saveBenchSuite, { name: 'mine', suite: twice, ifHash: first.hash });
  expect(await world.refusedAs(calls.saveBenchSuite, { name: 'mine', suite, ifHash: first.hash })).toBe(
    'suite_changed',
  );
  const { versions } = await world.ask(calls.benchSuiteVersions, { name: 'mine' });
  expect(versions.map(({ hash }) => hash)).toEqual([second.hash, first.hash]);
});

test('what it is called and what it is for make no version', async () => {
  await world.ask(calls.saveBenchSuite, { name: 'words', suite });
  await world.ask(calls.saveBenchSuite, { name: 'words', suite: { ...suite, description: 'for the night' } });
  const { versions } = await world.ask(calls.benchSuiteVersions, { name: 'words' });
  expect(versions.map((each) => each.suite.description)).toEqual(['for the night']);
});

test('of many who save at the same time, each makes a version', async () => {
  const saved = await Promise.all(
    [1, 2, 3, 4, 5, 6].map((repetitions) =>
      world.ask(calls.saveBenchSuite, { name: 'crowd', suite: { ...suite, repetitions } }),
    ),
  );
  const { versions } = await world.ask(calls.benchSuiteVersions, { name: 'crowd' });
  expect(versions.map(({ hash }) => hash).sort()).toEqual(saved.map(({ hash }) => hash).sort());
  const racing = await Promise.allSettled(
    [7, 8, 9].map((repetitions) =>
      world.ask(calls.saveBenchSuite, {
        name: 'crowd',
        suite: { ...suite, repetitions },
        ifHash: versions[0]?.hash ?? null,
      }),
    ),
  );
  expect(racing.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('one that is removed is gone, its versions are known, and the name is free', async () => {
  await world.ask(calls.saveBenchSuite, { name: 'gone', suite });
  await world.ask(calls.removeBenchSuite, { name: 'gone' });
  expect(await named('gone')).toBeUndefined();
  expect(await replica.app.get(Suites).byName('gone')).toBeNull();
  expect(await world.refusedAs(calls.removeBenchSuite, { name: 'gone' })).toBe('unknown_suite');
  expect((await world.ask(calls.benchSuiteVersions, { name: 'gone' })).versions).toHaveLength(1);
  await world.ask(calls.saveBenchSuite, { name: 'gone', suite: twice, ifHash: null });
  expect((await named('gone'))?.hash).toBe(suiteHash(twice));
  expect(await world.refusedAs(calls.benchSuiteVersions, { name: 'never' })).toBe('unknown_suite');
});

test('one that a schedule uses stays', async () => {
  await world.ask(calls.saveBenchSuite, { name: 'nightly', suite });
  await world.db(replica).query(
    `INSERT INTO bench.schedules (id, input, created_at)
     VALUES ('c2a9e0f1-6d4b-4e8a-b1c7-9f8e7d6c5b40', '{"suiteName":"nightly"}', now())`,
  );
  expect(await world.refusedAs(calls.removeBenchSuite, { name: 'nightly' })).toBe('suite_in_use');
  await world.db(replica).query(`DELETE FROM bench.schedules`);
  await world.ask(calls.removeBenchSuite, { name: 'nightly' });
});

test('one that came with the program can be changed, and put back', async () => {
  expect(await world.refusedAs(calls.removeBenchSuite, { name: 'chat' })).toBe('built_in');
  await world.ask(calls.saveBenchSuite, { name: 'chat', suite: twice });
  await look();
  expect(await named('chat')).toMatchObject({ origin: 'stored', suite: twice });
  await world.ask(calls.removeBenchSuite, { name: 'chat' });
  expect(await named('chat')).toMatchObject({ origin: 'builtin', suite: preset('chat') });
});

test('files are suites as they stand; garbled ones are told of, and the others are used', async () => {
  await put('deep.yaml', 'promptTokens: [64]\noutputTokens: [8]\ndepth: [0, 4096]\n');
  await put('broken.yaml', 'promptTokens: [64\n');
  await put('wrong.yml', 'promptTokens: 64\noutputTokens: [8]\nhost: tower\n');
  await put('quick.yaml', 'promptTokens: [64]\noutputTokens: [8]\n');
  await put('Not A Name.yaml', 'promptTokens: [64]\noutputTokens: [8]\n');
  await put('deep.yml', 'promptTokens: [1]\noutputTokens: [8]\n');
  await put(
    'bomb.yaml',
    `a: &a [x]\nb: &b [${'*a,'.repeat(99)}]\nc: &c [${'*b,'.repeat(99)}]\nd: [${'*c,'.repeat(99)}]`,
  );
  await put('notes.txt', 'no suite');
  await look();
  const { suites, problems } = await all();
  expect(suites.find(({ name }) => name === 'deep')).toMatchObject({
    origin: 'file',
    suite: { name: 'deep', promptTokens: [64], depth: [0, 4_096] },
  });
  expect(suites.find(({ name }) => name === 'quick')?.origin).toBe('builtin');
  const said = Object.fromEntries(problems.map(({ file, message }) => [file, message]));
  expect(Object.keys(said).sort()).toEqual(
    ['Not A Name.yaml', 'bomb.yaml', 'broken.yaml', 'deep.yml', 'quick.yaml', 'wrong.yml'].sort(),
  );
  expect(said['broken.yaml']).toContain('not valid YAML');
  expect(said['wrong.yml']).toMatch(/promptTokens: .*array.*; host: unknown field/);
  expect(said['deep.yml']).toContain('another file');
  expect(said['quick.yaml']).toContain('another name');
});

test('a file that changes is a new version; garbled it keeps the last one; gone it is gone', async () => {
  await put('file.yaml', 'promptTokens: [64]\noutputTokens: [8]\n');
  await look();
  expect(await world.refusedAs(calls.saveBenchSuite, { name: 'file', suite })).toBe('suite_from_file');
  expect(await world.refusedAs(calls.removeBenchSuite, { name: 'file' })).toBe('suite_from_file');
  await put('file.yaml', 'name: My file\npromptTokens: [128]\noutputTokens: [8]\n');
  await look();
  await put('file.yaml', '- 1\n');
  await look();
  expect(await named('file')).toMatchObject({ suite: { name: 'My file', promptTokens: [128] } });
  await rm(join(dir, 'file.yaml'));
  await look();
  expect(await named('file')).toBeUndefined();
  expect((await world.ask(calls.benchSuiteVersions, { name: 'file' })).versions).toHaveLength(2);
});

test('the files are looked at again by themselves, and a second process does nothing twice', async () => {
  await put('later.yaml', 'promptTokens: [64]\noutputTokens: [8]\n');
  const other = await world.service({ BOOCONTROL_SUITES_DIR: dir });
  await Promise.all([look(), other.app.get(SuiteSources).look()]);
  expect((await world.ask(calls.benchSuiteVersions, { name: 'later' })).versions).toHaveLength(1);
  await put('later.yaml', 'promptTokens: [65]\noutputTokens: [8]\n');
  await waitFor(async () => (await named('later'))?.suite.promptTokens[0] === 65, {
    what: 'the file to be looked at again',
  });
});

test('suites that do not fit into one message come in pages', async () => {
  const requests = Array.from({ length: 5_000 }, (_, index) => ({
    atMs: index * 1_000.125,
    promptTokens: 8_192,
    outputTokens: 512,
  }));
  const replay = SuiteSchema.parse({ ...suite, load: { kind: 'replay', requests } });
  for (const name of ['r1', 'r2', 'r3', 'r4']) await world.ask(calls.saveBenchSuite, { name, suite: replay });
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await world.ask(calls.benchSuites, { cursor });
    seen.push(...page.suites.map(({ name }) => name));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual([...new Set(seen)].sort());
  expect(seen).toEqual(expect.arrayContaining(['r1', 'r2', 'r3', 'r4', 'users']));
  expect(await world.refusedAs(calls.benchSuites, { cursor: 'WyJ4Il0' })).toBe('bad_cursor');
});
